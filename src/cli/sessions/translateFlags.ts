/** The flags by which Claude Code's users take up sessions, as commands of ours. */
const commandsOfFlags = new Map([
  ['--continue', ['continue']],
  ['-c', ['continue']],
  ['--resume', ['resume']],
  ['-r', ['resume']],
  ['--session-id', ['sessions', 'new']],
]);

/** `holdfast --resume ID` is `holdfast resume ID`; anything else stays as it is. */
export function translateFlags(args: readonly string[]): string[] {
  const [first = '', ...rest] = args;
  const [, flag, value] = /^(--[a-z-]+)=(.*)$/s.exec(first) ?? [];
  const command = commandsOfFlags.get(flag ?? first);
  if (command === undefined) return [...args];
  return [...command, ...(value === undefined ? [] : [value]), ...rest];
}
