import { existsSync } from 'node:fs';
import path from 'node:path';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { DisposableStore, type Disposable } from '../core/common/disposables.ts';
import { describeEnd, hasFailed } from '../core/tasks/describeEnd.ts';
import { taskName } from '../core/tasks/describeTask.ts';
import { TaskFeed, type TaskChange } from '../core/tasks/taskFeed.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { taskOutputUri } from './resources.ts';

/** How often a workspace for which nothing was ever kept is looked at: another process may start its first task. */
const STORE_LOOK_MS = 1000;

/** Tells the client what happens to the workspace's tasks, whoever does it. Whoever creates it disposes it. */
export class TaskNews implements Disposable {
  readonly #mcp: McpServer;
  readonly #host: TaskHost;
  readonly #subscribed: ReadonlySet<string>;
  readonly #disposables = new DisposableStore();
  readonly #timer: NodeJS.Timeout;
  #hasBegun = false;

  constructor(mcp: McpServer, host: TaskHost, subscribed: ReadonlySet<string>) {
    this.#mcp = mcp;
    this.#host = host;
    this.#subscribed = subscribed;
    this.#timer = setInterval(() => {
      this.beginOnceStored();
    }, STORE_LOOK_MS).unref();
    // What is there already is no news.
    if (hasStore(host)) this.#begin(() => undefined);
  }

  /** Before there is a store there is nothing to tell, and looking at its tasks would make one. */
  beginOnceStored(): void {
    if (this.#hasBegun || !hasStore(this.#host)) return;
    this.#begin((tasks) => {
      this.#tell({ added: tasks, changed: [], removed: [], ended: [] });
    });
  }

  #begin(onLoaded: (tasks: readonly TaskSnapshot[]) => void): void {
    this.#hasBegun = true;
    clearInterval(this.#timer);
    const feed = this.#disposables.add(new TaskFeed(this.#host));
    void feed.loaded.then(() => {
      onLoaded(feed.tasks);
      this.#disposables.add(
        feed.onDidChange((change) => {
          this.#tell(change);
        }),
      );
    });
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#disposables.dispose();
  }

  #tell({ added, changed, removed, ended }: TaskChange): void {
    const { server } = this.#mcp;
    if (added.length + removed.length > 0) this.#send(server.sendResourceListChanged());
    for (const { id } of [...changed, ...removed]) {
      const uri = taskOutputUri(id);
      if (this.#subscribed.has(uri)) this.#send(server.sendResourceUpdated({ uri }));
    }
    // A short one has ended before it was first seen.
    for (const task of [...ended, ...added.filter(({ status }) => status !== 'running')]) {
      this.#send(server.sendLoggingMessage(endMessage(task)));
    }
  }

  #send(told: Promise<void>): void {
    told.catch((error: unknown) => {
      this.#host.log.debug('news.notTold', { error });
    });
  }
}

/** Whether anything has ever been kept for the workspace. */
function hasStore({ workspace }: TaskHost): boolean {
  return existsSync(path.join(workspace.directory, 'workspace.json'));
}

function endMessage(task: TaskSnapshot): {
  level: 'warning' | 'notice';
  logger: string;
  data: Record<string, unknown>;
} {
  return {
    level: hasFailed(task) ? 'warning' : 'notice',
    logger: 'holdfast.tasks',
    data: {
      message: `${task.id} ${describeEnd(task)}: ${taskName(task)}`,
      bash_id: task.id,
      status: task.status,
      exit_code: task.exitCode ?? null,
    },
  };
}
