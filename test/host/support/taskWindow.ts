import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../../src/core/common/clock.ts';
import { DisposableStore } from '../../../src/core/common/disposables.ts';
import { silentLog } from '../../../src/core/common/log.ts';
import { ensureWorkspace, workspaceOf } from '../../../src/core/store/workspace.ts';
import { killTask } from '../../../src/core/tasks/killTask.ts';
import { defaultRetention } from '../../../src/core/tasks/pruneTasks.ts';
import { startTask } from '../../../src/core/tasks/startTask.ts';
import { TaskFeed } from '../../../src/core/tasks/taskFeed.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { defaultPolicy, type TaskSnapshot } from '../../../src/core/tasks/types.ts';
import type { HoldfastWindow } from '../../../src/vscode/holdfastWindow.ts';

/** A window's worth of Holdfast on a home of its own, beside the one that the extension opened by itself. */
export class TaskWindow implements HoldfastWindow {
  readonly host: TaskHost;
  readonly feed: TaskFeed;
  readonly log = silentLog;
  readonly disposables = new DisposableStore();
  readonly #scratch: string;

  constructor() {
    const extension = vscode.extensions.getExtension('holdfast.holdfast');
    assert.ok(extension, 'the extension is not installed');
    this.#scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hf-host-')));
    const folder = path.join(this.#scratch, 'folder');
    mkdirSync(folder);
    const workspace = workspaceOf(path.join(this.#scratch, 'home'), folder);
    ensureWorkspace(workspace, Date.now());
    this.host = {
      workspace,
      scriptsDirectory: path.join(extension.extensionPath, 'dist'),
      nodeExecutable: process.execPath,
      face: 'vscode',
      environment: process.env,
      clock: systemClock,
      log: silentLog,
    };
    this.feed = this.disposables.add(new TaskFeed(this.host, { pollMs: 100 }));
  }

  async start(command: string, title?: string): Promise<TaskSnapshot> {
    const task = await startTask(this.host, {
      command: { kind: 'line', line: command },
      shell: '/bin/sh',
      cwd: this.host.workspace.folder,
      policy: { ...defaultPolicy, stopGraceSec: 1 },
      retention: defaultRetention,
      ...(title === undefined ? {} : { title }),
    });
    this.feed.refresh();
    return task;
  }

  /** Ends what still runs, and removes everything. */
  async close(): Promise<void> {
    this.feed.refresh();
    for (const task of this.feed.tasks) if (task.status === 'running') await this.kill(task);
    this.disposables.dispose();
    rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async kill(task: TaskSnapshot): Promise<void> {
    await killTask(this.host, task);
    this.feed.refresh();
  }
}
