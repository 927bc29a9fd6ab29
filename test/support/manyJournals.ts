import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { frameLine } from '../../src/core/sessions/journal.ts';
import { sessionsDirectory } from '../../src/core/sessions/sessionFiles.ts';
import { ensureWorkspace, type Workspace } from '../../src/core/store/workspace.ts';
import { userMessage } from './sessions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const TOPICS = ['login page', 'flaky test', 'date picker', 'search index', 'crash on start'];

/** Fills a workspace with journals as real ones lie there, over the last 90 days: `session-0` is the newest. */
export function writeManyJournals(workspace: Workspace, count: number, nowMs = Date.now()): void {
  ensureWorkspace(workspace, nowMs);
  const directory = sessionsDirectory(workspace);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (let index = 0; index < count; index += 1) {
    const id = `session-${String(index)}`;
    const atMs = nowMs - (index * 90 * DAY_MS) / count;
    const file = path.join(directory, `${id}.jsonl`);
    writeFileSync(file, journalText(id, workspace.folder, index, atMs), { mode: 0o600 });
    utimesSync(file, atMs / 1000, atMs / 1000);
  }
}

function journalText(id: string, workspace: string, index: number, atMs: number): string {
  const topic = TOPICS[index % TOPICS.length] ?? '';
  const words = `work on the ${topic} of customer ${String(index)}, and tell what you have found `;
  const lines = [
    { type: 'session', id, workspace } as const,
    { type: 'title', title: `Session ${String(index)}: ${topic}`, by: 'user' } as const,
    userMessage(words.repeat(2)),
    userMessage(words.repeat(4)),
    {
      type: 'file',
      path: `${workspace}/src/${topic.replaceAll(' ', '-')}.ts`,
      how: 'read',
    } as const,
    { type: 'task', id: `bash_${String(index + 1)}`, command: 'npm test' } as const,
    {
      type: 'task-end',
      id: `bash_${String(index + 1)}`,
      status: 'completed',
      exitCode: 0,
    } as const,
  ];
  const texts = lines.map((line, at) => {
    return JSON.stringify(frameLine(line, { writer: 'many', number: at + 1, nowMs: atMs + at }));
  });
  return `${texts.join('\n')}\n`;
}
