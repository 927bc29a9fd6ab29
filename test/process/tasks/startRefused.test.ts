import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listTasks } from '../../../src/core/tasks/listTasks.ts';
import { createTaskHost, start } from '../../support/taskHost.ts';

const skip = process.platform === 'win32' && 'there one word may be longer';
/** One word of a command may have 128 KiB on Linux and the whole of it 1 MiB on macOS (execve(2)). */
const TOO_LONG = 'x'.repeat(2 * 1024 * 1024);

void describe('a start that the system refuses', { skip }, () => {
  void it('says that the command is too long, and leaves no task behind', async (test) => {
    const host = await createTaskHost(test);
    await assert.rejects(() => start(host, ['echo', TOO_LONG], { keeper: 'sh' }), {
      code: 'task.startFailed',
      message: /longer than the system takes/,
    });
    assert.deepEqual(listTasks(host.workspace, host.clock.now()).tasks, []);
    const next = await start(host, ['true'], { keeper: 'sh' });
    assert.equal(next.id, 'bash_2');
  });

  void it('says that its shell is gone', async (test) => {
    const host = { ...(await createTaskHost(test)), keeperShell: '/gone/sh' };
    await assert.rejects(() => start(host, ['true'], { keeper: 'sh' }), {
      code: 'task.startFailed',
      message: /\/gone\/sh.*ENOENT/,
    });
  });
});
