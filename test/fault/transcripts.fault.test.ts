// Whoever looks after the transcripts may be killed at any instruction: the copy is always the beginning of the
// transcript, and the next one goes on with it.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { listDamage } from '../../src/core/agents/claude-code/transcripts/damage.ts';
import { guardTranscripts } from '../../src/core/agents/claude-code/transcripts/guardTranscripts.ts';
import {
  listGenerations,
  listMirrors,
} from '../../src/core/agents/claude-code/transcripts/mirror.ts';
import { unpackedChunks } from '../../src/core/agents/claude-code/transcripts/packMirror.ts';
import { restoreTranscript } from '../../src/core/agents/claude-code/transcripts/restoreTranscript.ts';
import { systemClock } from '../../src/core/common/clock.ts';
import { silentLog } from '../../src/core/common/log.ts';
import { tempDir, type Cleanup } from '../support/tempDir.ts';

const ROUNDS = 8;

interface Place {
  readonly home: string;
  readonly claudeDirectory: string;
  readonly transcript: string;
  readonly id: string;
}

async function place(t: Cleanup): Promise<Place> {
  const home = await tempDir(t);
  const claudeDirectory = await tempDir(t);
  const id = randomUUID();
  const directory = path.join(claudeDirectory, 'projects', '-home-project');
  mkdirSync(directory, { recursive: true });
  return { home, claudeDirectory, id, transcript: path.join(directory, `${id}.jsonl`) };
}

function host({ home, claudeDirectory }: Place) {
  return { home, claudeDirectory, clock: systemClock, log: silentLog };
}

function line(number: number): string {
  const message = { role: 'user', content: `line ${number} ${'x'.repeat(randomInt(20_000))}` };
  return `${JSON.stringify({ type: 'user', uuid: randomUUID(), sessionId: 's', message })}\n`;
}

/** A process that looks after the transcripts without a pause. */
function startGuard({ home, claudeDirectory }: Place): ChildProcess {
  const script = path.join(import.meta.dirname, 'support', 'guardsTranscripts.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, home, claudeDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function copiesOf({ home }: Place): Promise<Buffer[]> {
  const copies: Buffer[] = [];
  for (const generation of listMirrors(home).flatMap(listGenerations)) {
    const chunks: Buffer[] = [];
    for await (const chunk of unpackedChunks(generation.path)) chunks.push(Buffer.from(chunk));
    copies.push(Buffer.concat(chunks));
  }
  return copies;
}

void describe('a guard that is killed', () => {
  test('leaves a copy that is the beginning of the transcript, for two at once', async (t) => {
    const here = await place(t);
    writeFileSync(here.transcript, line(0));
    for (let round = 1; round <= ROUNDS; round += 1) {
      const guards = [startGuard(here), startGuard(here)];
      await Promise.all(guards.map((guard) => once(guard.stdout ?? guard, 'data')));
      const deadlineMs = performance.now() + randomInt(30, 120);
      for (let number = 0; performance.now() < deadlineMs; number += 1) {
        appendFileSync(here.transcript, line(number));
        await delay(randomInt(3));
      }
      const ends = guards.map((guard) => once(guard, 'exit'));
      for (const guard of guards) guard.kill('SIGKILL');
      await Promise.all(ends);
      const [copy, ...others] = await copiesOf(here);
      assert.equal(others.length, 0);
      const text = readFileSync(here.transcript);
      assert.ok(copy?.equals(text.subarray(0, copy.length)), `round ${round}`);
    }
    const { damage } = await guardTranscripts(host(here));
    assert.deepEqual(damage, []);
    const [copy] = await copiesOf(here);
    assert.ok(copy?.equals(readFileSync(here.transcript)));
  });

  test('loses nothing of a transcript that is cut while it is copied', async (t) => {
    const here = await place(t);
    for (let round = 1; round <= ROUNDS / 2; round += 1) {
      const text = Buffer.from(Array.from({ length: 50 }, (_, at) => line(at)).join(''));
      writeFileSync(`${here.transcript}.new`, text);
      renameSync(`${here.transcript}.new`, here.transcript);
      await guardTranscripts(host(here));
      const guard = startGuard(here);
      await once(guard.stdout ?? guard, 'data');
      truncateSync(here.transcript, randomInt(text.length));
      await delay(randomInt(40));
      const end = once(guard, 'exit');
      guard.kill('SIGKILL');
      await end;
      await guardTranscripts(host(here));
      const copies = await copiesOf(here);
      assert.ok(
        copies.some((copy) => copy.equals(text)),
        `round ${round}: ${copies.map((copy) => copy.length).join(', ')} of ${text.length}`,
      );
    }
    const [latest] = listDamage(here.home);
    assert.ok(latest !== undefined);
    const restored = await restoreTranscript(host(here), latest.mirror, latest.generation);
    assert.equal(restored.lines, 50);
    assert.ok(statSync(here.transcript).size > 0);
  });
});
