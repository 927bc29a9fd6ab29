/** A command line that the user may want to run. */
export interface CommandSuggestion {
  readonly line: string;
  readonly cwd: string;
  /** Said beside the line. */
  readonly description?: string;
  readonly title?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The commands of a workspace's tasks, the last started first, each of them once. */
export function earlierCommands(
  tasks: readonly { readonly number: number; readonly command: string; readonly cwd: string }[],
): CommandSuggestion[] {
  const newestFirst = [...tasks].sort((a, b) => b.number - a.number);
  const seen = new Set<string>();
  return newestFirst.flatMap(({ command, cwd }) => {
    const key = `${cwd}\0${command}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ line: command, cwd }];
  });
}
