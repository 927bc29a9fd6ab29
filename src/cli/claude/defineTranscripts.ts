import type { Command } from 'commander';
import { parseCount } from '../optionValues.ts';
import { addCommand } from '../program.ts';
import * as guard from './guardCommands.ts';
import * as launch from './launchClaude.ts';
import { printTranscripts } from './listTranscripts.ts';

const ID = 'its id, how that begins, its name or its title';
const MORE = 'what stands behind -- is for `claude` itself';

/** Adds what `holdfast claude` does with the sessions of Claude Code. */
export function defineTranscripts(claude: Command): void {
  addCommand(claude, 'sessions', {
    summary: "list Claude Code's sessions of this folder and below, the latest active first",
    example: 'holdfast claude sessions --all-projects',
  })
    .option('--all-projects', 'those of every folder')
    .action((_options, command: Command) => printTranscripts(command));
  defineLaunches(claude);
  defineGuard(claude);
}

function addLaunch(claude: Command, usage: string, summary: string, example: string): Command {
  return addCommand(claude, usage, {
    summary,
    details: 'Runs `claude` in the folder of the session. With --json it only says how it would.',
    example,
  }).option('--kept', 'in a terminal that goes on without this one; see `holdfast attach`');
}

function addTakeUp(claude: Command, usage: string, summary: string, example: string): Command {
  return addLaunch(claude, usage, summary, example)
    .option('--wait', 'if it is open elsewhere, wait until it is closed')
    .option('--branch', 'if it is open elsewhere, go on with a copy');
}

function defineLaunches(claude: Command): void {
  addTakeUp(claude, 'resume', 'go on with a session', 'holdfast claude resume 1f0c2d')
    .argument('<id>', ID)
    .argument('[arguments...]', MORE)
    .action((id: string, more: string[], _options, command: Command) =>
      launch.resume(id, more, command),
    );
  addTakeUp(claude, 'continue', 'go on with the latest session here', 'holdfast claude continue')
    .argument('[arguments...]', MORE)
    .action((more: string[], _options, command: Command) => launch.continueLatest(more, command));
  addLaunch(claude, 'branch', 'go on with a copy of a session', 'holdfast claude branch 1f0c2d')
    .argument('<id>', ID)
    .argument('[arguments...]', MORE)
    .action((id: string, more: string[], _options, command: Command) =>
      launch.branch(id, more, command),
    );
  addLaunch(claude, 'new', 'begin a session', 'holdfast claude new --name project-main')
    .option('--name <name>', 'a name for it, by which it can be resumed')
    .argument('[arguments...]', MORE)
    .action((more: string[], _options, command: Command) => launch.startNew(more, command));
}

function defineGuard(claude: Command): void {
  const group = addCommand(claude, 'guard', {
    summary: "guard Claude Code's transcripts: what was cut, rewritten or deleted can be restored",
    details:
      'Copies what was added to the transcripts since, and says what has vanished. Claude Code’s files are changed by `restore` and `repair` only.',
    example: 'holdfast claude guard\nholdfast claude guard restore 1f0c2d',
  })
    .enablePositionalOptions()
    .action((_options, command: Command) => guard.status(command));
  addCommand(group, 'status', {
    summary: 'the same as `holdfast claude guard`',
    example: 'holdfast claude guard status --json',
  }).action((_options, command: Command) => guard.status(command));
  addCommand(group, 'list', {
    summary: 'list what has vanished',
    example: 'holdfast claude guard list --json',
  }).action((_options, command: Command) => guard.list(command));
  addCommand(group, 'show', {
    summary: 'print what has vanished of a session',
    example: 'holdfast claude guard show 1f0c2d',
  })
    .argument('<id>', 'the session, or how its id begins')
    .action((id: string, _options, command: Command) => guard.show(id, command));
  addCommand(group, 'restore', {
    summary:
      'put back what has vanished, so that `claude --resume` has it; sets aside what is there',
    example: 'holdfast claude guard restore 1f0c2d\nholdfast claude guard restore --all',
  })
    .argument('[id...]', 'sessions, or how their ids begin')
    .option('--all', 'all that were deleted')
    .option('--generation <n>', 'which of several copies (see list --json)', parseCount)
    .action((ids: string[], _options, command: Command) => guard.restore(ids, command));
  addCommand(group, 'repair', {
    summary: 'make a transcript with torn or joined lines resumable; the damaged one is kept',
    example: 'holdfast claude guard repair 1f0c2d',
  })
    .argument('<id>', ID)
    .action((id: string, _options, command: Command) => guard.repair(id, command));
}
