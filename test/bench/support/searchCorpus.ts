import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { frameLine } from '../../../src/core/sessions/journal.ts';
import type { NewLine } from '../../../src/core/sessions/journalLines.ts';
import { sessionsDirectory } from '../../../src/core/sessions/sessionFiles.ts';
import { ensureWorkspace, workspaceOf } from '../../../src/core/store/workspace.ts';

const MAX_TEXT_BYTES = 100_000;
const MINUTE_MS = 60_000;

/**
 * Fills a home with sessions of an agent that reads source files: what is in `node_modules` is real text in several
 * languages, with names, numbers and hashes that occur once. Gives how many bytes the journals are.
 */
export function writeCorpus(
  home: string,
  folder: string,
  { sessions, bytes }: { sessions: number; bytes: number },
): number {
  const workspace = workspaceOf(home, folder);
  ensureWorkspace(workspace, Date.now());
  const directory = sessionsDirectory(workspace);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = sourceFiles(path.resolve(import.meta.dirname, '../../../node_modules'));
  const random = seededRandom(1);
  let nowMs = Date.now() - sessions * MINUTE_MS;
  let written = 0;
  for (let number = 0; number < sessions; number += 1) {
    nowMs += MINUTE_MS;
    // Most are short and some long, as it is with people.
    const target = ((bytes - written) / (sessions - number)) * (0.2 + 1.6 * random());
    const id = randomUUID();
    const text = journalText(id, folder, { target, nowMs, files, random });
    writeFileSync(path.join(directory, `${id}.jsonl`), text);
    written += Buffer.byteLength(text);
  }
  return written;
}

interface JournalInput {
  readonly target: number;
  readonly nowMs: number;
  readonly files: readonly string[];
  readonly random: () => number;
}

function journalText(id: string, folder: string, input: JournalInput): string {
  const { target, nowMs, files, random } = input;
  const lines: string[] = [];
  let size = 0;
  const add = (line: NewLine): void => {
    const frame = { writer: 'bench', number: lines.length + 1, nowMs: nowMs + lines.length };
    const text = JSON.stringify(frameLine(line, frame));
    lines.push(text);
    size += text.length;
  };
  add({ type: 'session', id, workspace: folder });
  while (size < target) {
    const file = files[Math.floor(random() * files.length)] ?? '';
    const source = readFileSync(file, 'utf8').split('\n');
    const some = (count: number): string => {
      const from = Math.floor(random() * source.length);
      return source.slice(from, from + count).join('\n');
    };
    for (const line of exchange(file, some)) add(line);
  }
  return `${lines.join('\n')}\n`;
}

/** A question, an answer, and what a tool gave. */
function exchange(file: string, some: (count: number) => string): NewLine[] {
  const id = randomUUID();
  const hash = randomBytes(20).toString('hex');
  return [
    { type: 'message', role: 'user', parts: [{ type: 'text', text: some(4) }] },
    {
      type: 'message',
      role: 'assistant',
      parts: [
        { type: 'text', text: some(12) },
        { type: 'tool-call', id, name: 'Read', input: { path: file } },
      ],
    },
    {
      type: 'message',
      role: 'tool',
      parts: [{ type: 'tool-result', id, output: `${some(120)}\n${hash}` }],
    },
    { type: 'file', path: file, how: 'read', mtimeMs: 1, hash },
  ];
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.min)\.(?:[cm]?[jt]s|md|json|html|css)$/.test(name))
    .map((name) => path.join(directory, name))
    .filter((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat?.isFile() === true && stat.size > 500 && stat.size < MAX_TEXT_BYTES;
    });
}

/** The same corpus each time, but for what must be unique. Park and Miller's generator. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
