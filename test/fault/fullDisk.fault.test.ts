import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { HoldfastError } from '../../src/core/common/errors.ts';
import { isAlive } from '../../src/core/processes/identity.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { Journal } from '../../src/core/sessions/journal.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { journalTask, withEndsNoted } from '../../src/core/sessions/sessionTasks.ts';
import { listTasks } from '../../src/core/tasks/listTasks.ts';
import { removeTask } from '../../src/core/tasks/pruneTasks.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { listHomeProcesses, endHomeProcesses } from '../support/homeProcesses.ts';
import { mountSmallDisk, unmount, type SmallDisk } from '../support/smallDisk.ts';
import { tempDir } from '../support/tempDir.ts';
import { buildScripts } from '../process/conformance/variant.ts';
import { createTaskHost, filesOf, look, start, untilOver } from '../support/taskHost.ts';
import { waitFor } from '../support/waitFor.ts';

void describe('a full disk', () => {
  void it('loses only what could not be written; the exit code comes once there is room', async (test) => {
    const { disk, host } = (await makeSmallHome(test)) ?? {};
    if (disk === undefined || host === undefined) return;
    // Long lines: a disk is full only when the last page of the log is.
    const line =
      'i=0; until [ -e gate ]; do i=$((i+1)); printf "line %d %500s\\n" $i end; echo $i >i; sleep 0.01; done 2>/dev/null; exit 7';
    const task = await start(host, line, { keeper: 'sh' });
    const counter = path.join(host.workspace.folder, 'i');
    const count = (): number => Number(readFileSync(counter, 'utf8'));
    await waitFor(() => look(host, task).outputBytes > 100);
    disk.fill();
    await untilStill(() => statSync(filesOf(task).output).size);
    const before = count();
    await waitFor(() => count() > before + 20, { describe: 'the command to go on' });
    assert.equal(look(host, task).status, 'running');
    disk.free();
    const size = look(host, task).outputBytes;
    await waitFor(() => look(host, task).outputBytes > size, { describe: 'the capture to go on' });
    disk.fill();
    writeFileSync(path.join(host.workspace.folder, 'gate'), '');
    await waitFor(() => task.processes !== undefined && !isAlive(task.processes.command));
    assert.equal(look(host, task).status, 'running', 'until its end can be recorded');
    disk.free();
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.exitCode], ['completed', 7]);
    assert.match(readFileSync(filesOf(task).output, 'utf8'), /^line \d+ +end$/m);
  });

  void it('does not keep a task from being killed', async (test) => {
    const { disk, host } = (await makeSmallHome(test)) ?? {};
    if (disk === undefined || host === undefined) return;
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    disk.fill();
    const kill = killTask(host, task);
    await waitFor(() => task.processes !== undefined && !isAlive(task.processes.command));
    disk.free();
    await kill;
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.signal], ['killed', 'SIGTERM']);
  });

  void it('does not keep a task of the Node keeper from being ended at its time limit', async (test) => {
    const { disk, host } = (await makeSmallHome(test)) ?? {};
    if (disk === undefined || host === undefined) return;
    const scriptsDirectory = path.join(await tempDir(test), 'scripts');
    await buildScripts(scriptsDirectory);
    const policy = { timeLimitSec: 1, stopGraceSec: 1 };
    const nodeHost = { ...host, scriptsDirectory };
    const task = await start(nodeHost, ['sleep', '1000'], { keeper: 'node', policy });
    disk.fill();
    await waitFor(() => task.processes !== undefined && !isAlive(task.processes.command));
    disk.free();
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.signal], ['killed', 'SIGTERM']);
  });

  void it('is said when the end of a killed task cannot be recorded, and removing the task makes room', async (test) => {
    const { disk, host } = (await makeSmallHome(test)) ?? {};
    if (disk === undefined || host === undefined) return;
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    disk.fill();
    await assert.rejects(killTask(host, task), (error) => HoldfastError.is(error, 'disk.full'));
    assert.equal(look(host, task).status, 'running', 'until its end can be recorded');
    removeTask(look(host, task));
    assert.deepEqual(listTasks(host.workspace, host.clock.now()).tasks, []);
    await waitFor(() => listHomeProcesses(host.workspace.home).length === 0);
  });

  void it('does not keep a task of a session from being removed, and how it ended is noted', async (test) => {
    const { disk, host } = (await makeSmallHome(test)) ?? {};
    if (disk === undefined || host === undefined) return;
    const store = new SessionStore(host);
    const id = createSession(host);
    const task = await start(host, ['sh', '-c', 'yes | head -c 100000; exit 3'], { keeper: 'sh' });
    journalTask(host, id, task);
    const over = await untilOver(host, task);
    disk.fill();
    const journal = new Journal(host, id);
    assert.throws(
      () => {
        // The journal's last page has room for some lines more.
        for (;;) journal.append({ type: 'note', text: 'x' });
      },
      (error) => HoldfastError.is(error, 'disk.full'),
    );
    withEndsNoted(store, [over], () => {
      removeTask(over);
    });
    assert.deepEqual(listTasks(host.workspace, host.clock.now()).tasks, []);
    assert.equal(store.record(id).backgroundTasks[task.id]?.exitCode, 3);
  });

  void it('refuses a start with the reason, and nothing runs, however little room there is', async (test) => {
    const { disk, host } = (await makeSmallHome(test)) ?? {};
    if (disk === undefined || host === undefined) return;
    await untilOver(host, await start(host, ['true'], { keeper: 'sh' }));
    const refused: number[] = [];
    for (let pagesLeft = 0; ; pagesLeft += 1) {
      disk.free();
      disk.fill(pagesLeft);
      const file = path.join(host.workspace.folder, `ran${pagesLeft}`);
      const error = await start(host, ['touch', file], { keeper: 'sh' }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) break;
      assert.ok(
        HoldfastError.is(error, 'disk.full'),
        `refused with ${pagesLeft} pages, but not for them`,
      );
      assert.ok(!existsSync(file), `ran with ${pagesLeft} pages`);
      refused.push(pagesLeft);
    }
    assert.ok(refused.length >= 3, `refused with ${refused.join(', ')} pages`);
    disk.free();
    const { tasks, unreadable } = listTasks(host.workspace, host.clock.now());
    assert.deepEqual(unreadable, []);
    assert.equal(tasks.length, 2);
    const next = await start(host, ['true'], { keeper: 'sh' });
    const names = readdirSync(path.dirname(next.directory));
    assert.equal(next.number, Math.max(...names.map((name) => Number(name.slice(5)))));
    await untilOver(host, next);
    await waitFor(() => listHomeProcesses(host.workspace.home).length === 0);
  });
});

/** A home on a disk of its own, and a workspace folder elsewhere. */
async function makeSmallHome(
  test: TestContext,
): Promise<{ disk: SmallDisk; host: TaskHost } | undefined> {
  const made: { disk?: SmallDisk } = {};
  // The first hook: what still runs on the disk would keep it from being unmounted.
  test.after(async () => {
    if (made.disk === undefined) return;
    made.disk.free();
    await endHomeProcesses(path.join(made.disk.path, 'home'));
    unmount(made.disk);
  });
  const disk = await mountSmallDisk(test);
  if (disk === undefined) return undefined;
  made.disk = disk;
  const host = await createTaskHost(test, { home: path.join(disk.path, 'home') });
  return { disk, host };
}

async function untilStill(measure: () => number): Promise<void> {
  let last = -1;
  await waitFor(
    () => {
      const now = measure();
      const isStill = now === last;
      last = now;
      return isStill;
    },
    { intervalMs: 200 },
  );
}
