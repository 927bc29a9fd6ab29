import type { Command } from 'commander';
import { continueSession } from '../../core/sessions/resumeSession.ts';
import type { CommonOptions } from '../context.ts';
import { addCommand } from '../program.ts';
import { openStore } from '../sessions/openStore.ts';
import { reportResumed } from '../sessions/takeUp.ts';

export function define(program: Command): void {
  addCommand(program, 'continue', {
    summary: 'take up the session that was last active here, and say what has happened since',
    details:
      'The same as `holdfast --continue`. Nothing is started. A session that is open elsewhere is left alone: you get a branch of it.',
    example: 'holdfast continue',
  }).action(continueLatest);
}

async function continueLatest(options: CommonOptions): Promise<void> {
  await reportResumed(continueSession(openStore(options)), options);
}
