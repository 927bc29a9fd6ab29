import type { Command } from 'commander';
import { addCommand } from '../program.ts';
import { branch } from '../sessions/editSessions.ts';

export function define(program: Command): void {
  addCommand(program, 'branch', {
    summary: "copy a session's past into a new one; both go on from there",
    details: 'The same as `holdfast sessions branch`. The tasks are shared.',
    example: 'holdfast branch project-main --id project-try',
  })
    .argument('<session>', 'the session, or how its id begins')
    .option('--id <name>', 'of the new one (default: a UUID)')
    .option('--all-workspaces', 'also one of another folder')
    .action((id: string, _options, command: Command) => branch(id, command));
}
