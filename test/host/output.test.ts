import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { removeTask } from '../../src/core/tasks/pruneTasks.ts';
import { restartTask } from '../../src/core/tasks/restartTask.ts';
import { registerTaskChannels, type TaskChannels } from '../../src/vscode/output/taskChannels.ts';
import { waitFor } from '../support/waitFor.ts';
import { TaskWindow } from './support/taskWindow.ts';

describe('the output channel of a task', () => {
  let window: TaskWindow;
  let channels: TaskChannels;

  beforeEach(() => {
    window = new TaskWindow();
    channels = registerTaskChannels(window);
  });

  afterEach(async () => {
    await window.close();
  });

  /** The text of the channel in the Output view; a channel's document is named for it. */
  function shownText(): string {
    const documents = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === 'output' && /-bash_\d+$/.test(uri.path),
    );
    return documents.at(-1)?.getText() ?? '';
  }

  async function untilShown(pattern: RegExp, deadlineMs = 10_000): Promise<string> {
    return waitFor(() => pattern.test(shownText()) && shownText(), {
      deadlineMs,
      describe: () => `${String(pattern)} in ${JSON.stringify(shownText().slice(-1000))}`,
    });
  }

  it('streams what the task writes, and says how it ended', async () => {
    await window.start("echo one; sleep 0.5; printf '\\033[31mtwo\\033[0m, unfinished'; exit 3");
    channels.show('bash_1');
    await untilShown(/^one$/m);
    const text = await untilShown(/finished: exit/);
    assert.match(text, /^one\ntwo, unfinished\n\[bash_1 finished: exit 3 after .* m?s\]\n$/);
  });

  it('shows a task that was over before, and refuses one that does not exist', async () => {
    await window.start('seq 3');
    await waitFor(() => window.feed.get('bash_1')?.status === 'completed');
    channels.show('bash_1');
    await untilShown(/^1\n2\n3\n\[bash_1 finished: exit 0/);
    assert.throws(() => {
      channels.show('bash_2');
    }, /there is no task bash_2/);
  });

  it('resolves progress bars, and makes binary output readable', async () => {
    await window.start(
      "printf '10%%\\r50%%\\r100%%\\n\\377\\376 a\\000b \\033]0;t\\007c\\n'; sleep 600",
    );
    channels.show('bash_1');
    assert.equal(await untilShown(/c$/m), '100%\n\ufffd\ufffd ab c\n');
  });

  it('shows a question that waits for an answer', async () => {
    await window.start("printf 'Continue? [y/N] '; sleep 600");
    channels.show('bash_1');
    await untilShown(/^Continue\? \[y\/N\] $/);
  });

  it('cuts a line of 50 MB and goes on', async () => {
    await window.start("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo after; sleep 600");
    channels.show('bash_1');
    const text = await untilShown(/^after$/m);
    assert.ok(text.length < 200_000, `${text.length}`);
  });

  it('draws a line when the task is restarted', async () => {
    const task = await window.start('echo run; exit 1');
    channels.show('bash_1');
    await untilShown(/exit 1/);
    await restartTask(window.host, window.feed.get(task.id) ?? task);
    const text = await untilShown(/restarted\]\nrun\n\[bash_1 finished/);
    assert.match(text, /^run\n\[bash_1 finished: exit 1 .*\]\n\[bash_1 restarted\]\nrun\n/);
  });

  it('says that the log was deleted, and what to do', async () => {
    const task = await window.start('echo a; sleep 600');
    channels.show('bash_1');
    await untilShown(/^a$/m);
    rmSync(path.join(task.directory, 'output.log'));
    await untilShown(/^\[the log was deleted: .*restart it for a new log\]$/m);
  });

  it('goes on past the size at which channels freeze', async function () {
    this.timeout(60_000);
    await window.start(
      "for i in $(seq 40); do yes 'some line of text' | head -c 999990; sleep 0.1; done; echo the end",
    );
    // To show a channel also brings it up to date, and so to that size sooner.
    await waitFor(
      () => {
        channels.show('bash_1');
        return shownText().includes('the end');
      },
      { deadlineMs: 50_000, intervalMs: 50, describe: 'the end' },
    );
    const text = await untilShown(/^the end\n\[bash_1 finished/m);
    assert.match(text, /^… \d+ MB of earlier output are not shown here; .* in the full log: /);
  });

  it('leaves the extension host free while several tasks flood', async () => {
    const flood =
      "yes 'a line of a flood' | head -c 400000000; echo; echo the flood is over; sleep 600";
    for (let count = 0; count < 3; count += 1) await window.start(flood);
    channels.show('bash_1');
    let worstDelayMs = 0;
    let lastMs = performance.now();
    const beat = setInterval(() => {
      worstDelayMs = Math.max(worstDelayMs, performance.now() - lastMs - 20);
      lastMs = performance.now();
    }, 20);
    // Other words than those of earlier tests: their channel is shown until there is this one.
    const text = await untilShown(/^the flood is over$/m).finally(() => {
      clearInterval(beat);
    });
    assert.match(text, /MB skipped, as it comes too fast to be shown; the full log: /);
    // What stops it at all stops it for many seconds; how free it is, is for the bench.
    assert.ok(worstDelayMs < 2000, `the extension host stood still for ${worstDelayMs} ms`);
  });

  it('goes when its task is removed', async () => {
    await window.start('echo a');
    await waitFor(() => window.feed.get('bash_1')?.status === 'completed');
    channels.show('bash_1');
    await untilShown(/finished/);
    const task = window.feed.get('bash_1');
    assert.ok(task);
    removeTask(task);
    window.feed.refresh();
    await waitFor(() => !shownText().includes('finished'), { describe: 'the channel to go' });
  });
});
