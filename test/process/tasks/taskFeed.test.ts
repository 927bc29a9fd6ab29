import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ensureWorkspace } from '../../../src/core/store/workspace.ts';
import { removeTask, renameTask } from '../../../src/core/tasks/pruneTasks.ts';
import { restartTask } from '../../../src/core/tasks/restartTask.ts';
import { TaskFeed } from '../../../src/core/tasks/taskFeed.ts';
import { createTaskHost, look, start } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';

void describe('TaskFeed', () => {
  void it('tells what happens to a task, from its start to its removal', async (test) => {
    const host = await createTaskHost(test);
    ensureWorkspace(host.workspace, host.clock.now());
    const feed = new TaskFeed(host, { pollMs: 50 });
    test.after(() => {
      feed.dispose();
    });
    const told: string[] = [];
    feed.onDidChange((change) => {
      for (const kind of ['added', 'changed', 'removed', 'ended'] as const) {
        told.push(...change[kind].map(({ id, status }) => `${kind} ${id} ${status}`));
      }
    });
    const untilTold = (line: string): Promise<unknown> =>
      waitFor(() => told.includes(line), { describe: () => `${line} in ${told.join(', ')}` });

    const line = 'until [ -e seen ]; do sleep 0.02; done; echo hi; exit 3';
    const task = await start(host, line, { keeper: 'sh' });
    await untilTold('added bash_1 running');
    writeFileSync(path.join(host.workspace.folder, 'seen'), '');
    await untilTold('ended bash_1 completed');
    assert.equal(feed.get('bash_1')?.exitCode, 3);
    renameTask(task, ' my\nserver ');
    await waitFor(() => feed.get('bash_1')?.title === 'my server');
    await restartTask(host, look(host, task));
    await waitFor(() => feed.get('bash_1')?.attempt === 2);
    await waitFor(() => feed.get('bash_1')?.status === 'completed');
    removeTask(look(host, task));
    await untilTold('removed bash_1 completed');
    assert.deepEqual(feed.tasks, []);
  });
});
