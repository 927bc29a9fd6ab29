import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { DisposableStore, type Disposable } from '../core/common/disposables.ts';
import { describeEnd, hasFailed } from '../core/tasks/describeEnd.ts';
import { taskName } from '../core/tasks/describeTask.ts';
import { TaskFeed, type TaskChange } from '../core/tasks/taskFeed.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { taskOutputUri } from './resources.ts';

/** Tells the client what happens to the workspace's tasks, whoever does it. Whoever creates it disposes it. */
export function registerTaskNews(
  mcp: McpServer,
  host: TaskHost,
  subscribed: ReadonlySet<string>,
): Disposable {
  const disposables = new DisposableStore();
  const feed = disposables.add(new TaskFeed(host));
  const send = (told: Promise<void>): void => {
    told.catch((error: unknown) => {
      host.log.debug('news.notTold', { error });
    });
  };
  const tell = ({ added, changed, removed, ended }: TaskChange): void => {
    if (added.length + removed.length > 0) send(mcp.server.sendResourceListChanged());
    for (const { id } of [...changed, ...removed]) {
      const uri = taskOutputUri(id);
      if (subscribed.has(uri)) send(mcp.server.sendResourceUpdated({ uri }));
    }
    for (const task of ended) send(mcp.server.sendLoggingMessage(endMessage(task)));
  };
  // What is there already is no news.
  void feed.loaded.then(() => disposables.add(feed.onDidChange(tell)));
  return disposables;
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
