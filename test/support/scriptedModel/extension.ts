// A real provider of a language model, in an extension of its own. What it says is decided by the tests: those that run
// in the same extension host set `script`; others write a file and name it in HOLDFAST_TEST_MODEL_SCRIPT.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';

export type Said =
  | { readonly text: string }
  | { readonly call: string; readonly input: object }
  | { readonly error: string; readonly code?: string }
  /** Says nothing more until it is cancelled. */
  | { readonly hang: true };

export interface Heard {
  readonly messages: readonly HeardMessage[];
  readonly tools: readonly string[];
}

interface HeardMessage {
  readonly role: number;
  readonly texts: readonly string[];
  readonly calls: readonly string[];
  readonly results: readonly string[];
}

export interface ScriptedModel {
  readonly requests: Heard[];
  /** What it says to a request, at once or as it comes. */
  script: (heard: Heard, index: number) => readonly Said[] | AsyncIterable<Said>;
}

const PIECE = /[\s\S]{1,24}/g;

export function activate(context: vscode.ExtensionContext): ScriptedModel {
  const model: ScriptedModel = { requests: [], script: scriptOfFile };
  const information: vscode.LanguageModelChatInformation = {
    id: 'scripted',
    name: 'Scripted Model',
    family: 'scripted',
    version: '1',
    maxInputTokens: 100_000,
    maxOutputTokens: 10_000,
    capabilities: { toolCalling: true },
  };
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('holdfast-test', {
      provideLanguageModelChatInformation: () => [information],
      provideLanguageModelChatResponse: (_model, messages, options, progress, token) =>
        answer(model, { messages: messages.map(hear), tools: namesOf(options) }, progress, token),
      provideTokenCount: (_model, text) =>
        Promise.resolve(Math.ceil(JSON.stringify(text).length / 4)),
    }),
  );
  return model;
}

async function answer(
  model: ScriptedModel,
  heard: Heard,
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  token: vscode.CancellationToken,
): Promise<void> {
  model.requests.push(heard);
  const index = model.requests.length - 1;
  let at = 0;
  for await (const said of model.script(heard, index)) {
    at += 1;
    if (token.isCancellationRequested) return;
    if ('text' in said) {
      for (const piece of said.text.match(PIECE) ?? []) {
        progress.report(new vscode.LanguageModelTextPart(piece));
      }
    } else if ('call' in said) {
      const id = `call_${Date.now().toString(36)}_${index}_${at}`;
      progress.report(new vscode.LanguageModelToolCallPart(id, said.call, said.input));
    } else if ('hang' in said) {
      await new Promise((resolve) => token.onCancellationRequested(resolve));
    } else {
      throw errorOf(said.error, said.code);
    }
  }
}

/** The file holds a list: what the model says to its first request, to its second, and so on; the last stays. */
function scriptOfFile(heard: Heard): readonly Said[] {
  const file = process.env['HOLDFAST_TEST_MODEL_SCRIPT'];
  if (file === undefined || !existsSync(file)) return [{ text: 'Nothing is scripted.' }];
  const answers = JSON.parse(readFileSync(file, 'utf8')) as Said[][];
  const log = `${file}.heard`;
  const count = existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
  appendFileSync(log, `${JSON.stringify(heard)}\n`);
  return answers[Math.min(count, answers.length - 1)] ?? [];
}

function errorOf(message: string, code: string | undefined): Error {
  switch (code) {
    case 'Blocked':
      return vscode.LanguageModelError.Blocked(message);
    case 'NoPermissions':
      return vscode.LanguageModelError.NoPermissions(message);
    case 'NotFound':
      return vscode.LanguageModelError.NotFound(message);
    default:
      return new Error(message);
  }
}

function namesOf({ tools = [] }: vscode.ProvideLanguageModelChatResponseOptions): string[] {
  return tools.map(({ name }) => name);
}

function hear({ role, content }: vscode.LanguageModelChatRequestMessage): HeardMessage {
  return {
    role,
    texts: textsOf(content),
    calls: content.flatMap((part) =>
      part instanceof vscode.LanguageModelToolCallPart ? part.name : [],
    ),
    results: content.flatMap((part) =>
      part instanceof vscode.LanguageModelToolResultPart ? textsOf(part.content).join('') : [],
    ),
  };
}

function textsOf(content: readonly unknown[]): string[] {
  return content.flatMap((part) =>
    part instanceof vscode.LanguageModelTextPart ? part.value : [],
  );
}
