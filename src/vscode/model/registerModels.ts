import * as vscode from 'vscode';
import { systemClock } from '../../core/common/clock.ts';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';
import { ModelKeys } from './modelKeys.ts';
import type { ModelProvider, OfferedModel } from './modelProvider.ts';
import type { SetUpScope } from './setUpModel.ts';
import { VENDOR } from './vendor.ts';

/** Offers the models of the service that the user has set up; the code behind it is loaded when it is first asked. */
export function registerModels(
  context: vscode.ExtensionContext,
  scope: CommandScope,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const keys = new ModelKeys(context.secrets);
  const parts = lazyParts(context, scope, keys, () => {
    changed.fire();
  });
  const provider: vscode.LanguageModelChatProvider<OfferedModel> = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: async () => {
      try {
        return await (await parts()).provider.models();
      } catch (error) {
        scope.log.warn('models.notOffered', { error });
        return [];
      }
    },
    provideLanguageModelChatResponse: async (model, messages, options, progress, token) =>
      (await parts()).provider.answer(model, messages, options, { progress, token }),
    provideTokenCount: async (_model, text) => (await parts()).countTokens(text),
  };
  const setUpScope = async (): Promise<SetUpScope> => ({
    keys,
    list: (await parts()).list,
    onDidSetUp: () => {
      changed.fire();
    },
  });
  return vscode.Disposable.from(
    changed,
    vscode.lm.registerLanguageModelChatProvider(VENDOR, provider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('holdfast.model')) changed.fire();
    }),
    context.secrets.onDidChange(({ key }) => {
      if (keys.isKey(key)) changed.fire();
    }),
    registerCommand(scope, 'holdfast.model.setUp', async (given) => {
      const { setUpModel } = await import('./setUpModel.ts');
      return setUpModel(await setUpScope(), given);
    }),
    registerCommand(scope, 'holdfast.model.forgetKey', async () => {
      const { forgetKey } = await import('./setUpModel.ts');
      return forgetKey(await setUpScope());
    }),
  );
}

interface Parts {
  readonly list: SetUpScope['list'];
  readonly provider: ModelProvider;
  readonly countTokens: (text: string | vscode.LanguageModelChatRequestMessage) => number;
}

function lazyParts(
  context: vscode.ExtensionContext,
  { log }: CommandScope,
  keys: ModelKeys,
  onDidChange: () => void,
): () => Promise<Parts> {
  let opening: Promise<Parts> | undefined;
  const openNow = async (): Promise<Parts> => {
    const [{ ModelList }, { ModelProvider, countTokens }] = await Promise.all([
      import('./modelList.ts'),
      import('./modelProvider.ts'),
    ]);
    const directory = context.globalStorageUri.fsPath;
    const list = new ModelList({ directory, keys, log, clock: systemClock, onDidChange });
    return { list, provider: new ModelProvider(list, keys, log), countTokens };
  };
  return () => (opening ??= openNow());
}
