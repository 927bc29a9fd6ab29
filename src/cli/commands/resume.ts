import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { resumeSession } from '../../core/sessions/resumeSession.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { addCommand } from '../program.ts';
import { printSessions } from '../sessions/listSessions.ts';
import { findSession, openStore, type SessionOptions } from '../sessions/openStore.ts';
import { reportResumed } from '../sessions/takeUp.ts';
import { tell } from '../stdio.ts';

const CHOICES = 20;

export function define(program: Command): void {
  addCommand(program, 'resume', {
    summary: 'take up a session, and say what has happened since',
    details:
      'The same as `holdfast --resume [ID]`. Without an id, a terminal offers the latest ones, and anything else gets the list. Nothing is started. A session that is open elsewhere is left alone: you get a branch of it.',
    example: 'holdfast resume project-main\nholdfast resume 1f0c',
  })
    .argument('[id]', 'the session, or how its id begins')
    .option('--all-workspaces', 'also one of another folder')
    .action(resume);
}

async function resume(given: string | undefined, options: SessionOptions): Promise<void> {
  if (given !== undefined) {
    const { store, id } = findSession(options, given);
    await reportResumed(resumeSession(store, id), options);
    return;
  }
  if (options.json === true || !process.stdin.isTTY || !process.stderr.isTTY) {
    await printSessions(options);
    tell('to take one up: holdfast resume ID');
    return;
  }
  const store = openStore(options);
  await reportResumed(resumeSession(store, await choose(store)), options);
}

async function choose(store: SessionStore): Promise<string> {
  const sessions = store.list().sessions.slice(0, CHOICES);
  if (sessions.length === 0) {
    throw new HoldfastError('session.none', 'there is no session in this workspace');
  }
  for (const [index, { id, title, firstPrompt }] of sessions.entries()) {
    const name = oneLine(title ?? firstPrompt ?? '(no title)').slice(0, 60);
    process.stderr.write(`${String(index + 1).padStart(3)}  ${name}  ${id}\n`);
  }
  const answer = await ask('Which one? [1] ');
  const chosen = sessions[(answer === '' ? 1 : Number(answer)) - 1];
  return chosen?.id ?? store.resolveId(answer);
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
