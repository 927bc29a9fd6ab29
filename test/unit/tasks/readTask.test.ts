import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ownIdentity, type ProcessIdentity } from '../../../src/core/processes/identity.ts';
import { readTask } from '../../../src/core/tasks/readTask.ts';
import { defaultPolicy, type TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

const CREATED_MS = Date.UTC(2030, 0, 1);

const task = {
  v: 1,
  id: 'bash_1',
  uuid: 'cookie',
  session: null,
  command: 'x',
  argv: ['x'],
  cwd: '/',
  keeper: 'sh',
  policy: { ...defaultPolicy, fromTheFuture: true },
  createdAt: new Date(CREATED_MS).toISOString(),
  starter: { pid: 1, face: 'test' },
  fromTheFuture: true,
};

/** Writes the records of a task, and reads it a minute after its creation. */
async function read(
  test: Cleanup,
  records: Readonly<Record<string, unknown>>,
  ageMs = 60_000,
): Promise<TaskSnapshot | undefined> {
  const directory = path.join(await tempDir(test), 'bash_1');
  mkdirSync(directory);
  for (const [name, record] of Object.entries({ 'task.json': task, ...records })) {
    const text = typeof record === 'string' ? record : `${JSON.stringify(record)}\n`;
    writeFileSync(path.join(directory, name), text);
  }
  return readTask(directory, CREATED_MS + ageMs);
}

function keptBy(identity: ProcessIdentity): object {
  return { v: 1, keeper: identity, runner: identity, command: identity };
}

const alive = keptBy(ownIdentity());
const gone = keptBy({ ...ownIdentity(), startTime: 'of another' });
const beforeReboot = keptBy({ ...ownIdentity(), bootId: 'of another' });
const byUser = { v: 1, by: 'cli', reason: 'user' };
const atLimit = { v: 1, by: 'keeper', reason: 'time-limit' };
const exit = (code: number | null): object => ({ v: 1, code });

type Row = readonly [
  title: string,
  records: Readonly<Record<string, unknown>>,
  expected: Partial<TaskSnapshot>,
];

const rows: readonly Row[] = [
  ['live processes', { 'keeper.json': alive }, { status: 'running', exitCode: undefined }],
  [
    'exit code 0',
    { 'keeper.json': gone, 'exit.json': exit(0) },
    { status: 'completed', exitCode: 0 },
  ],
  [
    'exit code 3',
    { 'keeper.json': gone, 'exit.json': exit(3) },
    { status: 'completed', exitCode: 3 },
  ],
  [
    'an end while the keeper still lives',
    { 'keeper.json': alive, 'exit.json': exit(0) },
    { status: 'completed' },
  ],
  [
    'a signal',
    { 'keeper.json': gone, 'exit.json': exit(137) },
    { status: 'killed', signal: 'SIGKILL' },
  ],
  [
    'a code that is no signal',
    { 'keeper.json': gone, 'exit.json': exit(255) },
    { status: 'completed', signal: undefined },
  ],
  [
    'a stop on request',
    { 'keeper.json': gone, 'exit.json': exit(0), 'stop.json': byUser },
    { status: 'killed', stop: { by: 'cli', reason: 'user' } },
  ],
  [
    'a stop at the time limit',
    { 'keeper.json': gone, 'exit.json': exit(143), 'stop.json': atLimit },
    { status: 'timed out' },
  ],
  [
    'a stop that has not worked yet',
    { 'keeper.json': alive, 'stop.json': byUser },
    { status: 'running' },
  ],
  ['no record of the end', { 'keeper.json': gone }, { status: 'lost', lossReason: 'vanished' }],
  ['a reboot', { 'keeper.json': beforeReboot }, { status: 'lost', lossReason: 'reboot' }],
  [
    'an exit code that nobody knows',
    { 'keeper.json': gone, 'exit.json': exit(null) },
    { status: 'lost', lossReason: 'exit code unknown', exitCode: undefined },
  ],
  [
    'an exit record that is being written',
    { 'keeper.json': alive, 'exit.json': '' },
    { status: 'running' },
  ],
  ['no keeper', {}, { status: 'lost', lossReason: 'never started' }],
];

void describe('readTask', () => {
  for (const [title, records, expected] of rows) {
    void it(`says of a task with ${title}: ${expected.status}`, async (test) => {
      const found = await read(test, records);
      assert.ok(found !== undefined);
      const keys = Object.keys(expected) as (keyof TaskSnapshot)[];
      assert.deepEqual(Object.fromEntries(keys.map((key) => [key, found[key]])), expected);
    });
  }

  void it('takes a task whose keeper is about to start for running', async (test) => {
    assert.equal((await read(test, {}, 5000))?.status, 'running');
  });

  void it('knows the end of the output, what was dropped, and the newest title', async (test) => {
    const found = await read(test, { 'output.log': 'hello', dropped: '4\n', title: 'server\n' });
    assert.deepEqual(
      [found?.outputBytes, found?.droppedBytes, found?.title, found?.isLogMissing],
      [5, 4, 'server', false],
    );
    assert.equal((await read(test, {}))?.isLogMissing, true);
  });

  void it('finds no task where there is a tombstone, another name, or a record it cannot read', async (test) => {
    assert.equal(await read(test, { removed: '' }), undefined);
    assert.equal(await read(test, { 'task.json': '{"v":1' }), undefined);
    assert.equal(await read(test, { 'task.json': { ...task, v: 2 } }), undefined);
    assert.equal(readTask(path.join(await tempDir(test), 'bash_7'), CREATED_MS), undefined);
  });

  void it('takes the time of the end from the exit record', async (test) => {
    const directory = path.join(await tempDir(test), 'bash_1');
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'task.json'), JSON.stringify(task));
    writeFileSync(path.join(directory, 'keeper.json'), JSON.stringify(gone));
    const file = path.join(directory, 'exit.json');
    writeFileSync(file, JSON.stringify(exit(0)));
    utimesSync(file, new Date(CREATED_MS), new Date(CREATED_MS + 9000));
    assert.equal(readTask(directory, CREATED_MS)?.endedAtMs, CREATED_MS + 9000);
  });
});
