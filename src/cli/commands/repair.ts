import type { Command } from 'commander';
import { addCommand } from '../program.ts';
import { repair } from '../sessions/editSessions.ts';

export function define(program: Command): void {
  addCommand(program, 'repair', {
    summary: 'write a sound journal of what can be read of a damaged session',
    details: 'The same as `holdfast sessions repair`. The damaged file is kept beside.',
    example: 'holdfast repair project-main',
  })
    .argument('<session>', 'the session, or how its id begins')
    .option('--all-workspaces', 'also one of another folder')
    .action((id: string, _options, command: Command) => repair(id, command));
}
