import type { Command } from 'commander';
import { DEFAULT_RETENTION_DAYS } from '../../core/sessions/pruneSessions.ts';
import { parseCount } from '../optionValues.ts';
import { addCommand } from '../program.ts';
import * as edit from '../sessions/editSessions.ts';
import { listSessions } from '../sessions/listSessions.ts';
import { newSession } from '../sessions/newSession.ts';
import { prune } from '../sessions/pruneOldSessions.ts';
import * as transfer from '../sessions/transferSessions.ts';

const ID = 'the session, or how its id begins';

export function define(program: Command): void {
  const sessions = addCommand(program, 'sessions', {
    summary: 'list, show, change and move sessions',
    details: 'Without a command of its own it lists them, the latest active first.',
    example: 'holdfast sessions\nholdfast sessions show project-main',
  })
    .enablePositionalOptions()
    .option('--all-workspaces', 'those of every folder')
    .action((_options, command: Command) => listSessions(command));
  defineReading(sessions);
  defineEdits(sessions);
  defineUpkeep(sessions);
}

/** One that may also mean the sessions of other folders. */
function addReaching(...args: Parameters<typeof addCommand>): Command {
  return addCommand(...args).option('--all-workspaces', 'those of every folder');
}

function defineReading(sessions: Command): void {
  addReaching(sessions, 'list', {
    summary: 'list the sessions, the latest active first',
    example: 'holdfast sessions list --json',
  }).action((_options, command: Command) => listSessions(command));
  addReaching(sessions, 'show', {
    summary: 'print a session to read; with --json its record',
    example: 'holdfast sessions show project-main --json',
  })
    .argument('<id>', ID)
    .action((id: string, _options, command: Command) => transfer.show(id, command));
  addReaching(sessions, 'export', {
    summary: 'print a session, to be imported elsewhere or to be read',
    example: 'holdfast sessions export project-main > session.json',
  })
    .argument('<id>', ID)
    .option('--markdown', 'as a document')
    .action((id: string, _options, command: Command) => transfer.exportTo(id, command));
  addCommand(sessions, 'import', {
    summary: 'make a session of an exported one: its tasks are lost, its approvals stay behind',
    example: 'holdfast sessions import session.json',
  })
    .argument('<file>', 'what `sessions export` has written; - for stdin')
    .action((file: string, _options, command: Command) => transfer.importFrom(file, command));
}

function defineEdits(sessions: Command): void {
  addCommand(sessions, 'new', {
    summary: 'begin a session and print its id',
    details: '`holdfast --session-id ID` is the same as `holdfast sessions new --or-resume ID`.',
    example: 'holdfast sessions new project-main',
  })
    .argument('[id]', 'a name for it (default: a UUID)')
    .option('--title <text>', 'what it is about')
    .option('--or-resume', 'take it up if there is one of this id')
    .action((id: string | undefined, _options, command: Command) => newSession(id, command));
  addReaching(sessions, 'rename', {
    summary: 'give a session a title',
    example: 'holdfast sessions rename project-main The new parser',
  })
    .argument('<id>', ID)
    .argument('<title...>', 'its words are joined')
    .action((id: string, words: string[], _options, command: Command) =>
      edit.rename(id, words, command),
    );
  addReaching(sessions, 'pin', {
    summary: 'keep a session from being pruned',
    example: 'holdfast sessions pin project-main',
  })
    .argument('<id>', ID)
    .option('--off', 'not any more')
    .action((id: string, _options, command: Command) => edit.pin(id, command));
  addReaching(sessions, 'branch', {
    summary: "copy a session's past into a new one",
    example: 'holdfast sessions branch project-main --id project-try',
  })
    .argument('<id>', ID)
    .option('--id <name>', 'of the new one (default: a UUID)')
    .action((id: string, _options, command: Command) => edit.branch(id, command));
}

function defineUpkeep(sessions: Command): void {
  addReaching(sessions, 'delete', {
    summary: 'delete a session; for a week it can be had back',
    example: 'holdfast sessions delete project-try',
  })
    .argument('<id>', ID)
    .action((id: string, _options, command: Command) => edit.remove(id, command));
  addCommand(sessions, 'undelete', {
    summary: 'have a deleted session back',
    example: 'holdfast sessions undelete project-try',
  })
    .argument('<id>', 'the whole id')
    .action((id: string, _options, command: Command) => edit.undelete(id, command));
  addReaching(sessions, 'repair', {
    summary: 'write a sound journal of what can be read of a damaged one, which is kept',
    example: 'holdfast sessions repair project-main',
  })
    .argument('<id>', ID)
    .action((id: string, _options, command: Command) => edit.repair(id, command));
  addReaching(sessions, 'prune', {
    summary: 'delete old sessions; never one that is pinned or open, or has a running task',
    example: 'holdfast sessions prune --dry-run --days 90',
  })
    .option('--dry-run', 'only say which')
    .option(
      '--days <n>',
      `those last active longer ago (default: ${DEFAULT_RETENTION_DAYS})`,
      parseCount,
    )
    .action((_options, command: Command) => prune(command));
}
