import type { DisposableStore } from '../core/common/disposables.ts';
import type { Log } from '../core/common/log.ts';
import type { TaskFeed } from '../core/tasks/taskFeed.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';

/** What the parts of one window share; made by `extension.ts`, and gone with the window. */
export interface HoldfastWindow {
  readonly host: TaskHost;
  readonly feed: TaskFeed;
  readonly log: Log;
  /** Lives as long as the window. */
  readonly disposables: DisposableStore;
}
