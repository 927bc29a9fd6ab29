/** The flags by which Claude Code's users take up sessions, as commands of ours. */
const commandsOfFlags = new Map([
  ['--continue', ['continue']],
  ['-c', ['continue']],
  ['--resume', ['resume']],
  ['-r', ['resume']],
  ['--session-id', ['sessions', 'new', '--or-resume']],
]);

/**
 * `holdfast --resume ID` is `holdfast resume ID`; what every command understands may also stand before the command.
 * Anything else stays as it is.
 */
export function translateFlags(args: readonly string[]): string[] {
  const { common, rest } = takeCommonOptions(args);
  const [first, ...others] = rest;
  if (first === undefined) return [...args];
  const [, flag, value] = /^(--[a-z-]+)=(.*)$/s.exec(first) ?? [];
  const command = commandsOfFlags.get(flag ?? first);
  if (command !== undefined) {
    return [...command, ...common, ...(value === undefined ? [] : [value]), ...others];
  }
  return first.startsWith('-') ? [...args] : [first, ...common, ...others];
}

/** The options of every command that stand before any command. */
function takeCommonOptions(args: readonly string[]): { common: string[]; rest: string[] } {
  const common: string[] = [];
  const rest = [...args];
  for (;;) {
    const [option = ''] = rest;
    const count = option === '--workspace' ? 2 : 1;
    if (option !== '--json' && !/^--workspace(=|$)/.test(option)) return { common, rest };
    common.push(...rest.splice(0, count));
  }
}
