import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { HoldfastError } from '../../src/core/common/errors.ts';
import { branchSession } from '../../src/core/sessions/branchSession.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { Journal } from '../../src/core/sessions/journal.ts';
import { isTextPart } from '../../src/core/sessions/journalLines.ts';
import { readMessages } from '../../src/core/sessions/readMessages.ts';
import { repairSession } from '../../src/core/sessions/repairSession.ts';
import { openSessions, userMessage, type TestSessions } from '../support/sessions.ts';
import { mountSmallDisk, unmount, type SmallDisk } from '../support/smallDisk.ts';
import { tempDir, type Cleanup } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';

/** Enough to be quick among all the others; `HOLDFAST_KILL_ROUNDS=500` is the whole proof. */
const ROUNDS = Number(process.env['HOLDFAST_KILL_ROUNDS'] ?? 150);
/** Rounds at once: writers of several of them are alive together, all in the same journal. */
const LANES = 4;
const program = path.join(import.meta.dirname, '../support/appendsMessages.ts');

interface Writer {
  readonly name: string;
  /** What it has said so far. */
  acknowledged(): number;
  isReady(): boolean;
  kill(): Promise<void>;
}

function startWriter(root: string, bundle: string, name: string): Writer {
  const log = path.join(root, `${name}.log`);
  const descriptor = openSync(log, 'w');
  const paths = [path.join(root, 'home'), path.join(root, 'project')];
  const child = spawn(process.execPath, [bundle, ...paths, 's', name], {
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

/** A bundle starts several times as fast as its sources, and most of a round is starting. */
async function bundleProgram(root: string): Promise<string> {
  const outfile = path.join(root, 'appendsMessages.mjs');
  const options = { bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' } as const;
  await build({ ...options, entryPoints: [program], outfile });
  return outfile;
}

/** Starts a writer, and kills it at some moment of its work; gives how many messages it was told are kept. */
async function playRound(writer: Writer, delayMs: number): Promise<number> {
  try {
    await waitFor(() => writer.isReady(), { intervalMs: 5 });
    // Not to wait for something: the moment of the kill is what is tried.
    await delay(delayMs);
  } finally {
    await writer.kill();
  }
  return writer.acknowledged();
}

describe('the journal of a process that is killed', () => {
  it(`has everything that was acknowledged, ${String(ROUNDS)} times`, async (t) => {
    const { root, sessions } = await createStore(t);
    const bundle = await bundleProgram(root);
    const random = seeded(20260102);
    const acknowledged = new Map<string, number>();
    let round = 0;
    const playLane = async (): Promise<void> => {
      while (round < ROUNDS) {
        round += 1;
        const writer = startWriter(root, bundle, `w${String(round)}`);
        acknowledged.set(writer.name, await playRound(writer, random(15)));
      }
    };
    await Promise.all(Array.from({ length: LANES }, playLane));
    const found = numbersOf(sessions);
    for (const [name, count] of acknowledged) {
      for (let number = 1; number <= count; number += 1) {
        assert.ok(found.get(name)?.has(number), `${name}: message ${String(number)}`);
      }
    }
    const total = [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(acknowledged.size, ROUNDS);
    assert.ok(total > ROUNDS, `only ${String(total)} messages were acknowledged`);
    const { state } = sessions.store.fold('s');
    assert.ok(state.damage.unreadableLines <= ROUNDS, 'one torn line a kill at most');
    assert.equal(state.damage.missingLines, 0);
    const messages = state.messageCount;
    repairSession(sessions.store, 's');
    assert.equal(sessions.store.fold('s').state.messageCount, messages);
  });
});

describe('a journal on a full disk', () => {
  it('says what was not kept, keeps what was, and goes on once there is room', async (t) => {
    const made: { disk?: SmallDisk | undefined } = {};
    t.after(() => {
      unmount(made.disk);
    });
    const disk = (made.disk = await mountSmallDisk(t));
    if (disk === undefined) return;
    const project = path.join(await tempDir(t), 'project');
    const sessions = openSessions(path.join(disk.path, 'home'), project);
    createSession(sessions.host, { id: 's' });
    const journal = new Journal(sessions.host, 's');
    const kept: string[] = [];
    const say = (text: string): void => {
      journal.append(userMessage(text));
      kept.push(text);
    };
    say('before');
    disk.fill(3);
    const isFull = (error: unknown): boolean => HoldfastError.is(error, 'disk.full');
    assert.throws(() => {
      for (let number = 0; ; number += 1) say(`${String(number)} ${'x'.repeat(5000)}`);
    }, isFull);
    assert.throws(() => createSession(sessions.host, { id: 'other' }), isFull);
    assert.throws(() => branchSession(sessions.store, 's', { id: 'copy' }), isFull);
    disk.free();
    say('after');
    const found = readMessages(sessions.files('s')).map(
      ({ parts }) => parts.find(isTextPart)?.text ?? '',
    );
    assert.deepEqual(found, kept);
    assert.deepEqual(
      sessions.store.list().sessions.map(({ id }) => id),
      ['s'],
    );
    assert.equal(sessions.store.fold('s').state.damage.missingLines, 0);
  });
});
