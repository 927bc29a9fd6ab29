import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { isTextPart } from '../../src/core/sessions/journalLines.ts';
import { readMessages } from '../../src/core/sessions/readMessages.ts';
import { repairSession } from '../../src/core/sessions/repairSession.ts';
import { openSessions, type TestSessions } from '../support/sessions.ts';
import { tempDir, type Cleanup } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';

const ROUNDS = process.env['HOLDFAST_LONG'] === '1' ? 500 : 100;
/** Writers at once in a round; a Node process each, so that most of a round is starting them. */
const WRITERS = 2;
const program = path.join(import.meta.dirname, '../support/appendsMessages.ts');

interface Writer {
  readonly name: string;
  /** What it has said so far. */
  acknowledged(): number;
  isReady(): boolean;
  kill(): Promise<void>;
}

function startWriter(root: string, id: string, name: string): Writer {
  const log = path.join(root, `${name}.log`);
  const descriptor = openSync(log, 'w');
  const paths = [path.join(root, 'home'), path.join(root, 'project')];
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...paths, id, name], {
    // A file takes what was said even if its writer dies at once.
    stdio: ['ignore', descriptor, 'inherit'],
  });
  closeSync(descriptor);
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const lines = (): string[] => readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return {
    name,
    isReady: () => lines().includes('ready'),
    acknowledged: () =>
      Number(
        lines()
          .filter((line) => /^\d+$/.test(line))
          .at(-1) ?? 0,
      ),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function createStore(t: Cleanup): Promise<{ root: string; sessions: TestSessions }> {
  const root = await tempDir(t);
  const sessions = openSessions(path.join(root, 'home'), path.join(root, 'project'));
  createSession(sessions.host, { id: 's' });
  return { root, sessions };
}

function numbersOf(sessions: TestSessions): Map<string, Set<number>> {
  const numbers = new Map<string, Set<number>>();
  for (const { parts } of readMessages(sessions.files('s'))) {
    const text = parts.find(isTextPart)?.text ?? '';
    const [, name = '', number] = /^([^:]+):(\d+)/.exec(text) ?? [];
    numbers.set(name, (numbers.get(name) ?? new Set()).add(Number(number)));
  }
  return numbers;
}

/** The next whole number below `limit`, the same in every run: a failure can be seen again. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
}

describe('the journal of a process that is killed', () => {
  it(`has everything that was acknowledged, ${String(ROUNDS)} times`, async (t) => {
    const { root, sessions } = await createStore(t);
    const random = seeded(20260102);
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += WRITERS) {
      const writers = Array.from({ length: WRITERS }, (_, index) =>
        startWriter(root, 's', `w${String(round + index)}`),
      );
      try {
        await waitFor(() => writers.every((writer) => writer.isReady()), { intervalMs: 5 });
        // Not to wait for something: the moment of the kill is what is tried.
        for (const writer of writers) {
          await delay(random(25));
          await writer.kill();
        }
      } finally {
        await Promise.all(writers.map((writer) => writer.kill()));
      }
      for (const writer of writers) acknowledged.set(writer.name, writer.acknowledged());
    }
    const found = numbersOf(sessions);
    for (const [name, count] of acknowledged) {
      for (let number = 1; number <= count; number += 1) {
        assert.ok(found.get(name)?.has(number), `${name}: message ${String(number)}`);
      }
    }
    const total = [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(total > ROUNDS, `only ${String(total)} messages were acknowledged`);
    const { state } = sessions.store.fold('s');
    assert.ok(state.damage.unreadableLines <= ROUNDS, 'one torn line a kill at most');
    assert.equal(state.damage.missingLines, 0);
    const messages = state.messageCount;
    repairSession(sessions.store, 's');
    assert.equal(sessions.store.fold('s').state.messageCount, messages);
  });
});
