import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import type { EndpointModel } from '../../model/types.ts';
import { loadEndpointCode } from './endpoint.ts';
import type { ModelKeys } from './modelKeys.ts';
import type { ModelList } from './modelList.ts';
import {
  ANTHROPIC_URL,
  mayCarryKey,
  normalBaseUrl,
  readModelSettings,
  whyNoBaseUrl,
} from './modelSettings.ts';

export interface SetUpScope {
  readonly keys: ModelKeys;
  readonly list: ModelList;
  readonly onDidSetUp: () => void;
}

interface Wanted {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For a service that does not list its models. */
  readonly model?: string;
}

/**
 * Asks which service's models to use and for its key, tries them, and keeps them. Gives the ids of the models.
 * `{ baseUrl, apiKey, model }` answers the questions.
 * @throws HoldfastError `input.invalid`, `model.refused`.
 */
export async function setUpModel(
  scope: SetUpScope,
  given: unknown,
): Promise<readonly string[] | undefined> {
  const wanted = wantedIn(given) ?? (await ask(scope));
  if (wanted === undefined) return undefined;
  const { baseUrl, apiKey } = wanted;
  const problem = whyNoBaseUrl(baseUrl);
  if (problem !== undefined) throw new HoldfastError('input.invalid', `this is not ${problem}`);
  if (apiKey !== '' && !mayCarryKey(baseUrl)) {
    throw new HoldfastError(
      'input.invalid',
      'a key is not sent over a network without encryption: give an address that begins with https://',
    );
  }
  const models = await tryOut(scope, wanted);
  const name = wanted.model ?? (models.length === 0 ? await askModelName() : undefined);
  if (models.length === 0 && name === undefined) return undefined;
  await keep(scope, wanted, models.length === 0 ? name : undefined);
  const ids = models.length === 0 ? [name ?? ''] : models.map(({ id }) => id);
  if (wantedIn(given) === undefined) tellDone(ids, baseUrl);
  return ids;
}

export async function forgetKey({ keys, onDidSetUp }: SetUpScope): Promise<void> {
  const { baseUrl } = readModelSettings();
  await keys.set(baseUrl, '');
  onDidSetUp();
  void vscode.window.showInformationMessage(`The key for ${new URL(baseUrl).host} is forgotten.`);
}

function wantedIn(given: unknown): Wanted | undefined {
  if (typeof given !== 'object' || given === null || !('baseUrl' in given)) return undefined;
  const { baseUrl, apiKey, model } = given as Partial<Record<keyof Wanted, unknown>>;
  if (typeof baseUrl !== 'string') return undefined;
  return {
    baseUrl: normalBaseUrl(baseUrl),
    apiKey: typeof apiKey === 'string' ? apiKey : '',
    ...(typeof model === 'string' ? { model } : {}),
  };
}

async function ask({ keys }: SetUpScope): Promise<Wanted | undefined> {
  const baseUrl = await askBaseUrl();
  if (baseUrl === undefined) return undefined;
  const { host } = new URL(baseUrl);
  const known = mayCarryKey(baseUrl) ? await keys.get(baseUrl) : undefined;
  const wantsKey = baseUrl === ANTHROPIC_URL;
  const apiKey = mayCarryKey(baseUrl)
    ? await vscode.window.showInputBox({
        title: 'Set Up a Model (2/2): key',
        prompt: `Kept in the editor's secret storage, and sent to ${host} only.${wantsKey ? '' : ' Empty if it wants none.'}`,
        password: true,
        ignoreFocusOut: true,
        placeHolder: known === undefined ? 'sk-…' : 'empty: the key that is kept already',
        validateInput: (text) =>
          wantsKey && known === undefined && text.trim() === ''
            ? 'Type or paste the key.'
            : undefined,
      })
    : '';
  if (apiKey === undefined) return undefined;
  return { baseUrl, apiKey: apiKey.trim() || (known ?? '') };
}

async function askBaseUrl(): Promise<string | undefined> {
  const items = [
    { label: 'Anthropic', description: new URL(ANTHROPIC_URL).host, isOther: false },
    {
      label: 'Another service…',
      description: 'any that speaks the Messages API: a gateway, or a server on this machine',
      isOther: true,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Set Up a Model (1/2): whose?',
  });
  if (picked === undefined) return undefined;
  if (!picked.isOther) return ANTHROPIC_URL;
  const { baseUrl } = readModelSettings();
  const text = await vscode.window.showInputBox({
    title: 'Set Up a Model (1/2): address',
    prompt: 'The part before /v1/messages.',
    value: baseUrl === ANTHROPIC_URL ? 'http://localhost:8080' : baseUrl,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const problem = whyNoBaseUrl(value);
      return problem === undefined ? undefined : `Give ${problem}.`;
    },
  });
  return text === undefined ? undefined : normalBaseUrl(text);
}

/** A service without a list of its models may be a good one; one that refuses the key is not. */
async function tryOut(
  { list }: SetUpScope,
  { baseUrl, apiKey }: Wanted,
): Promise<readonly EndpointModel[]> {
  const { host } = new URL(baseUrl);
  const { describeFailure } = await loadEndpointCode();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Asking ${host} for its models…`,
  };
  return vscode.window.withProgress(options, async () => {
    try {
      return await list.refresh(baseUrl, apiKey === '' ? undefined : apiKey);
    } catch (error) {
      const failure = describeFailure(error);
      if (failure.kind === 'unavailable') return [];
      throw new HoldfastError('model.refused', `${host}: ${failure.message}`, {
        data: { host, kind: failure.kind, said: failure.message },
      });
    }
  });
}

function askModelName(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Set Up a Model: name',
    prompt: 'The service does not list its models. The name of the one to use:',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'Type a name.' : undefined),
  });
}

async function keep(
  { keys, onDidSetUp }: SetUpScope,
  { baseUrl, apiKey }: Wanted,
  name: string | undefined,
): Promise<void> {
  await keys.set(baseUrl, apiKey);
  const configuration = vscode.workspace.getConfiguration('holdfast.model');
  const target = vscode.ConfigurationTarget.Global;
  const before = readModelSettings();
  if (before.baseUrl !== baseUrl) {
    await configuration.update('baseUrl', baseUrl === ANTHROPIC_URL ? undefined : baseUrl, target);
  }
  // Names that were chosen among the models of another service mean nothing here.
  const names = name === undefined ? undefined : [name.trim()];
  if (before.baseUrl !== baseUrl || names !== undefined) {
    await configuration.update('names', names, target);
  }
  onDidSetUp();
}

function tellDone(ids: readonly string[], baseUrl: string): void {
  const { host } = new URL(baseUrl);
  const what = ids.length === 1 ? ids[0] : `${ids.length} models`;
  const open = 'Open Chat';
  void vscode.window
    .showInformationMessage(`${String(what)} of ${host} can be picked in the chat now.`, open)
    .then((answer) =>
      answer === open ? vscode.commands.executeCommand('holdfast.chat.open') : undefined,
    );
}
