import * as vscode from 'vscode';

/**
 * What the editor's interface between models and chats has no words for yet, as data of our own kinds. Chats of other
 * extensions leave such parts aside.
 */
const mimeTypes = {
  thinking: 'application/vnd.holdfast.thinking+json',
  end: 'application/vnd.holdfast.end+json',
  failure: 'application/vnd.holdfast.failure+json',
} as const;

export type PrivateKind = keyof typeof mimeTypes;

/** The name of the first message of a conversation whose text is the system prompt. */
export const SYSTEM_NAME = 'holdfast-system';

export function privatePart(kind: PrivateKind, value: object): vscode.LanguageModelDataPart {
  return vscode.LanguageModelDataPart.json(value, mimeTypes[kind]);
}

/** The value of a part of this kind; undefined for every other part. */
export function readPrivatePart(part: unknown, kind: PrivateKind): unknown {
  if (!(part instanceof vscode.LanguageModelDataPart)) return undefined;
  if (part.mimeType !== mimeTypes[kind]) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(part.data)) as unknown;
  } catch {
    return undefined;
  }
}

export function isPrivatePart(part: vscode.LanguageModelDataPart): boolean {
  return Object.values<string>(mimeTypes).includes(part.mimeType);
}
