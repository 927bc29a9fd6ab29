import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readIdentity, type ProcessIdentity } from '../../src/core/processes/identity.ts';
import { sendSignal } from '../../src/core/processes/signals.ts';
import { ensureWatcher } from '../../src/core/tasks/keepers/watcher.ts';
import { runningMarker } from '../../src/core/tasks/taskDirectory.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { diskBytes } from '../support/diskBytes.ts';
import { listHomeProcesses } from '../support/homeProcesses.ts';
import { createTaskHost, filesOf, look, start, untilOver } from '../support/taskHost.ts';
import { waitFor } from '../support/waitFor.ts';

const MIB = 1024 * 1024;

void describe('SIGKILL of the watcher', { concurrency: 2 }, () => {
  void it('costs no output, and the next one holds the bound again', async (test) => {
    const host = await createTaskHost(test);
    const line = 'until [ -e gate ]; do head -c 100000 /dev/zero; sleep 0.01; done; exit 6';
    const policy = { outputLimitBytes: 2 * MIB };
    const task = await start(host, line, { keeper: 'sh', policy });
    const { output } = filesOf(task);
    await waitFor(() => look(host, task).droppedBytes > 0);
    sendSignal(await watcherOf(host), 'SIGKILL');
    await waitFor(() => diskBytes(output) > 4 * MIB);
    await ensureWatcher(host);
    await waitFor(() => diskBytes(output) < 3 * MIB);
    writeFileSync(path.join(host.workspace.folder, 'gate'), '');
    assert.equal((await untilOver(host, task)).exitCode, 6);
  });

  void it('costs no time limit: the next start brings another', async (test) => {
    const host = await createTaskHost(test);
    const policy = { timeLimitSec: 1 };
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh', policy });
    const first = await watcherOf(host);
    sendSignal(first, 'SIGKILL');
    await waitFor(() => readIdentity(first.pid)?.startTime !== first.startTime);
    await start(host, ['true'], { keeper: 'sh' });
    assert.equal((await untilOver(host, task)).status, 'timed out');
  });

  void it('and several new ones at once leave a single one', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    const first = await watcherOf(host);
    sendSignal(first, 'SIGKILL');
    await waitFor(() => readIdentity(first.pid)?.startTime !== first.startTime);
    await Promise.all(Array.from({ length: 5 }, () => ensureWatcher(host)));
    // The one named last stays.
    const keeping = Object.values(task.processes ?? {}).length;
    await waitFor(() => listHomeProcesses(host.workspace.home).length === keeping + 1);
    const pids = listHomeProcesses(host.workspace.home).map(({ pid }) => pid);
    assert.ok(pids.includes((await watcherOf(host)).pid));
  });
});

void describe('the watcher', { concurrency: 2 }, () => {
  void it('ends when no task runs, also one whose starter died before its keeper started', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, ['true'], { keeper: 'sh' });
    await untilOver(host, task);
    const claimed = path.join(host.workspace.directory, 'tasks/bash_2');
    const record = readFileSync(filesOf(task).task, 'utf8').replaceAll('bash_1', 'bash_2');
    mkdirSync(claimed);
    writeFileSync(path.join(claimed, 'task.json'), record);
    const marker = runningMarker(host.workspace, 'bash_2');
    writeFileSync(marker, '1000 0 keep 5 60 x\n');
    const longAgo = new Date(Date.now() - 600_000);
    utimesSync(marker, longAgo, longAgo);
    await ensureWatcher(host);
    await waitFor(() => listHomeProcesses(host.workspace.home).length === 0);
    assert.ok(!existsSync(marker));
    assert.ok(!existsSync(path.join(host.workspace.directory, 'watcher')));
  });

  void it('ends when its workspace is deleted', async (test) => {
    const host = await createTaskHost(test);
    await untilOver(host, await start(host, ['true'], { keeper: 'sh' }));
    await start(host, ['sleep', '1000'], { keeper: 'sh' });
    const watcher = await watcherOf(host);
    rmSync(host.workspace.directory, { recursive: true });
    await waitFor(() => readIdentity(watcher.pid)?.startTime !== watcher.startTime);
  });
});

/** The live watcher of a workspace, once it has named itself. */
function watcherOf(host: TaskHost): Promise<ProcessIdentity> {
  return waitFor(() => {
    const line = readFileSync(path.join(host.workspace.directory, 'watcher'), 'utf8').split(' ');
    const identity = readIdentity(Number(line[0]));
    return identity?.startTime === line[1] && identity;
  });
}
