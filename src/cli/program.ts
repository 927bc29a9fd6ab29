import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';

/** A file of `commands/`: adds its command, with all its options, to the program. */
interface CommandModule {
  define(program: Command): void;
}

/** Only the file of the command that is asked for is loaded, and what that needs. */
const commands = new Map<string, () => Promise<CommandModule>>([
  ['run', () => import('./commands/run.ts')],
  ['tasks', () => import('./commands/tasks.ts')],
  ['output', () => import('./commands/output.ts')],
  ['wait', () => import('./commands/wait.ts')],
  ['kill', () => import('./commands/kill.ts')],
  ['restart', () => import('./commands/restart.ts')],
  ['attach', () => import('./commands/attach.ts')],
  ['send', () => import('./commands/send.ts')],
  ['rename', () => import('./commands/rename.ts')],
  ['remove', () => import('./commands/remove.ts')],
  ['prune', () => import('./commands/prune.ts')],
  ['sessions', () => import('./commands/sessions.ts')],
  ['continue', () => import('./commands/continue.ts')],
  ['resume', () => import('./commands/resume.ts')],
  ['search', () => import('./commands/search.ts')],
  ['permissions', () => import('./commands/permissions.ts')],
  ['branch', () => import('./commands/branch.ts')],
  ['repair', () => import('./commands/repair.ts')],
  ['doctor', () => import('./commands/doctor.ts')],
  ['mcp', () => import('./commands/mcp.ts')],
  ['claude', () => import('./commands/claude.ts')],
  ['hook', () => import('./commands/hook.ts')],
]);

const description = `Keeps background tasks (bash_1, bash_2, …) alive across reload, close and crash of the editor.

The workspace is --workspace DIR, else the nearest folder above that has tasks, else its git root, else the current directory. Exit status: 0 done, 1 failed, 2 wrong usage.

Sessions are taken up by Claude Code's flags, too: --continue, --resume [ID], --session-id ID.`;

/** The program with the command that the arguments name; with all of them for `--help` and for a name we don't know. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('holdfast')
    .description(description)
    .enablePositionalOptions()
    .exitOverride()
    // Failures are said in one place; see failure.ts.
    .configureOutput({ outputError: () => undefined });
  const asked = commands.get(args[0] ?? '');
  if (asked === undefined) program.version(readVersion());
  const wanted = asked === undefined ? [...commands.values()] : [asked];
  for (const load of wanted) (await load()).define(program);
  return program;
}

/** A command with what all of them share. `summary` is for the list of commands; `example` is one command line, or several on lines of their own. */
export function addCommand(
  program: Command,
  usage: string,
  texts: { summary: string; details?: string; example: string },
): Command {
  const { summary, details } = texts;
  const examples = texts.example.split('\n').map((line) => `  ${line}`);
  return program
    .command(usage)
    .summary(summary)
    .description(details === undefined ? summary : `${summary}\n\n${details}`)
    .option('--workspace <dir>', 'the folder whose tasks are meant')
    .option('--json', 'print JSON, and failures as JSON to stderr')
    .addHelpText('after', `\nExample:\n${examples.join('\n')}`);
}

/** package.json lies above the bundle, and two folders above this file in a source tree. */
export function readVersion(): string {
  for (const above of ['..', '../..']) {
    try {
      const text = readFileSync(path.resolve(import.meta.dirname, above, 'package.json'), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown };
      if (name === 'holdfast' && typeof version === 'string') return version;
    } catch {
      // Not there: look further up.
    }
  }
  return 'unknown';
}
