import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isAlive, type ProcessIdentity } from '../../../src/core/processes/identity.ts';
import {
  endProcess,
  findOrphans,
  type OrphanProcess,
} from '../../../src/core/processes/orphans.ts';
import { readProcessTable } from '../../../src/core/processes/processTable.ts';
import { tempDir } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';
import { startBystander, startTask } from './nastyTask.ts';

function findOne(
  identity: ProcessIdentity,
  live: readonly string[] = [],
): OrphanProcess | undefined {
  const orphans = findOrphans({ liveCookies: new Set(live) });
  return orphans.find((orphan) => orphan.identity.pid === identity.pid);
}

void describe('findOrphans', () => {
  void it('lists a process with the cookie of a task that is not live, with what a person asks', async (test) => {
    const task = await startTask(test, 'orphansSession.sh', 2);
    const orphan = task.reported.find(({ name }) => name === 'orphan')?.identity;
    assert.ok(orphan);
    const found = await waitFor(() => {
      const one = findOne(orphan);
      return one?.commandLine === 'sleep 1000' && one;
    });
    assert.deepEqual(found.identity, orphan);
    assert.equal(found.kind, 'task');
    assert.equal(found.cookie, task.cookie);
    assert.equal(found.cwd, process.cwd());
    assert.ok(found.ageMs >= 0 && found.ageMs < 60_000);
    assert.ok(found.rssBytes > 0);
    assert.equal(findOne(orphan, [task.cookie]), undefined);
  });

  void it('lists Claude Code by its name, and as a script that node runs', async (test) => {
    const directory = await tempDir(test);
    const env = { ...process.env };
    delete env['HOLDFAST_TASK'];
    symlinkSync('/bin/sleep', path.join(directory, 'claude'));
    const script = path.join(directory, 'claude-code', 'cli.js');
    mkdirSync(path.dirname(script));
    writeFileSync(script, 'setInterval(() => {}, 1000);');
    const named = startBystander(test, [path.join(directory, 'claude'), '1000'], env);
    const scripted = startBystander(test, [process.execPath, script], env);
    const other = startBystander(test, ['sleep', '1000'], env);
    const found = await waitFor(() => {
      const both = [findOne(named), findOne(scripted)];
      return both.every((one) => one?.kind === 'claude') && both;
    });
    assert.deepEqual(
      found.map((one) => one?.cookie),
      [undefined, undefined],
    );
    assert.equal(findOne(other), undefined);
  });

  void it('cuts a long command line and takes control characters out of it', async (test) => {
    const escape = '\u001b[31m\nred';
    const child = startBystander(test, ['tail', '-f', '/dev/null', escape, 'x'.repeat(500)], {
      ...process.env,
      HOLDFAST_TASK: 'gone',
    });
    const found = await waitFor(() => findOne(child));
    assert.equal(found.commandLine.length, 300);
    assert.doesNotMatch(found.commandLine, /\p{Cc}/u);
  });

  void it('never lists this process or its ancestors', () => {
    const pids = findOrphans({ liveCookies: new Set() }).map(({ identity }) => identity.pid);
    assert.ok(!pids.includes(process.pid) && !pids.includes(process.ppid));
  });
});

void describe('endProcess', () => {
  void it('ends the one process, and not its child', async (test) => {
    const task = await startTask(test, 'forksChild.sh', 2);
    const child = task.reported.find(({ name }) => name === 'child')?.identity;
    assert.equal(await endProcess(task.root, 10_000), 'terminated');
    assert.ok(child && isAlive(child) && !isAlive(task.root));
  });

  void it('uses force after the grace period', async (test) => {
    const task = await startTask(test, 'ignoresSigterm.sh', 2);
    assert.equal(await endProcess(task.root, 50), 'forced');
    assert.ok(!isAlive(task.root));
  });

  void it('ends a stopped process', async (test) => {
    const child = startBystander(test, ['sleep', '1000']);
    process.kill(child.pid, 'SIGSTOP');
    await waitFor(() => readProcessTable().rows.get(child.pid)?.state === 'T');
    assert.equal(await endProcess(child, 10_000), 'terminated');
  });

  void it('leaves a process alone that got the pid of one that is gone', async (test) => {
    const child = startBystander(test, ['sleep', '1000']);
    assert.equal(await endProcess({ ...child, startTime: '1' }, 0), 'gone');
    assert.ok(isAlive(child));
  });
});
