/** What a tool was called with: its main argument, or all of them. */
export type ToolInput = string | Readonly<Record<string, unknown>>;

const MAIN_ARGUMENTS = ['command', 'file_path', 'notebook_path', 'path', 'url', 'query', 'pattern'];

/** One argument as text; a plain string stands for whatever the tool's main argument is. */
export function textArgument(input: ToolInput, ...names: readonly string[]): string | undefined {
  if (typeof input === 'string') return input;
  for (const name of names) {
    const value = input[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** Every text that a tool was given, for rules about tools that we know nothing of. */
export function textsOf(input: ToolInput): readonly string[] {
  if (typeof input === 'string') return [input];
  return Object.values(input).filter((value) => typeof value === 'string');
}

export function mainArgument(input: ToolInput): string | undefined {
  return textArgument(input, ...MAIN_ARGUMENTS);
}
