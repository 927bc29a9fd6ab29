import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectSlug } from '../../../../src/core/agents/claude-code/transcripts/claudeDirectory.ts';
import type { GuardHost } from '../../../../src/core/agents/claude-code/transcripts/guardHost.ts';
import { silentLog } from '../../../../src/core/common/log.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';

/** A directory of Claude Code's with nothing in it, a home of ours, and a clock that stands still until it is set. */
export interface TranscriptPlace extends GuardHost {
  readonly folder: string;
  readonly clock: { nowMs: number; now(): number };
}

export async function transcriptPlace(t: Cleanup): Promise<TranscriptPlace> {
  const clock = { nowMs: Date.now(), now: () => clock.nowMs };
  const [home, claudeDirectory, folder] = [await tempDir(t), await tempDir(t), await tempDir(t)];
  return { home, claudeDirectory, folder, clock, log: silentLog };
}

/** Adds lines to a transcript as Claude Code writes them, one behind the other. */
export class TranscriptWriter {
  readonly id = randomUUID();
  readonly path: string;
  readonly #cwd: string;
  #parentUuid: string | null = null;
  #nowMs = Date.parse('2026-01-02T03:04:05Z');

  constructor({ claudeDirectory, folder }: Pick<TranscriptPlace, 'claudeDirectory' | 'folder'>) {
    const directory = path.join(claudeDirectory, 'projects', projectSlug(folder));
    mkdirSync(directory, { recursive: true });
    this.path = path.join(directory, `${this.id}.jsonl`);
    this.#cwd = folder;
  }

  /** A line that is part of the conversation. */
  say(fields: object): string {
    const uuid = randomUUID();
    this.#nowMs += 1000;
    this.add({
      parentUuid: this.#parentUuid,
      isSidechain: false,
      ...fields,
      uuid,
      timestamp: new Date(this.#nowMs).toISOString(),
      userType: 'external',
      entrypoint: 'cli',
      cwd: this.#cwd,
      sessionId: this.id,
      version: '2.1.197',
      gitBranch: 'main',
    });
    this.#parentUuid = uuid;
    return uuid;
  }

  prompt(text: string): string {
    return this.say({ type: 'user', message: { role: 'user', content: text } });
  }

  answer(...content: object[]): string {
    const message = { id: `msg_${randomUUID()}`, role: 'assistant', content };
    return this.say({ type: 'assistant', message });
  }

  /** A tool call and what it gave. */
  tool(name: string, input: object, toolUseResult: object = {}, isError = false): void {
    const id = `toolu_${randomUUID()}`;
    this.answer({ type: 'tool_use', id, name, input });
    const result = { type: 'tool_result', tool_use_id: id, content: 'ok', is_error: isError };
    this.say({ type: 'user', message: { role: 'user', content: [result] }, toolUseResult });
  }

  add(line: object): void {
    this.raw(`${JSON.stringify(line)}\n`);
  }

  raw(text: string): void {
    appendFileSync(this.path, text);
  }
}
