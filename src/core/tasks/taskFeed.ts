import { mkdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { PRIVATE_DIRECTORY_MODE } from '../common/atomicFile.ts';
import type { Disposable } from '../common/disposables.ts';
import { Emitter, type Event } from '../common/emitter.ts';
import { listTaskNames } from './listTasks.ts';
import { readTask } from './readTask.ts';
import { tasksDirectory } from './taskDirectory.ts';
import type { TaskHost } from './taskHost.ts';
import type { TaskSnapshot } from './types.ts';

/** How long one look may hold up the window for tasks it has not seen before. */
const SLICE_MS = 10;

/** Above the granularity of modification times: 1 to 10 ms on Linux, 100 ms on network file systems that round. */
const STAMP_MS = 200;

/** What has changed in a workspace's tasks since the last look. */
export interface TaskChange {
  readonly added: readonly TaskSnapshot[];
  /** Still there, but something about them is different (more output, ended, renamed, restarted). */
  readonly changed: readonly TaskSnapshot[];
  readonly removed: readonly TaskSnapshot[];
  /** Those of `changed` that ran at the last look and are over now; one too short for any look is in `added` alone. */
  readonly ended: readonly TaskSnapshot[];
}

export interface TaskFeedOptions {
  /** Time between two looks at the running tasks; the directory is watched besides. */
  readonly pollMs?: number;
}

/**
 * The tasks of a workspace, kept fresh: what any window, terminal or agent does to them shows here within a second.
 * One for each window; whoever creates it disposes it.
 *
 * Running tasks are looked at again and again (their output grows without the directory changing); tasks that are over
 * only when something in their directory has changed, so a thousand of them cost nothing.
 */
export class TaskFeed implements Disposable {
  readonly #host: TaskHost;
  readonly #tasks = new Map<string, TaskSnapshot>();
  readonly #changes = new Emitter<TaskChange>();
  readonly #timer: NodeJS.Timeout;
  /** When the directory of a task that is not running was last seen to change. */
  readonly #changedAtMs = new Map<string, number>();
  #watcher: FSWatcher | undefined;
  #nextLook: NodeJS.Immediate | undefined;
  #finishLoading: () => void = () => undefined;

  /** Resolves when every task that was there at the start has been read. */
  readonly loaded = new Promise<void>((resolve) => {
    this.#finishLoading = resolve;
  });

  /** Fires after each look that found something different. */
  readonly onDidChange: Event<TaskChange> = this.#changes.event;

  constructor(host: TaskHost, options: TaskFeedOptions = {}) {
    this.#host = host;
    this.#watchDirectory();
    this.#timer = setInterval(() => {
      this.refresh();
    }, options.pollMs ?? 500);
    this.refresh();
  }

  /** All tasks by number. */
  get tasks(): readonly TaskSnapshot[] {
    return [...this.#tasks.values()].sort((a, b) => a.number - b.number);
  }

  get(id: string): TaskSnapshot | undefined {
    return this.#tasks.get(id);
  }

  /**
   * Looks now, and tells the listeners before it returns. Of tasks never seen before it reads the newest first and, so
   * that a thousand of them do not hold up the window, the rest in further looks right behind.
   */
  refresh(): void {
    clearImmediate(this.#nextLook);
    const startedAtMs = performance.now();
    const names = this.#names();
    const added: TaskSnapshot[] = [];
    const changed: TaskSnapshot[] = [];
    const ended: TaskSnapshot[] = [];
    let isComplete = true;
    for (const name of [...names].reverse()) {
      const before = this.#tasks.get(name);
      if (before === undefined && performance.now() - startedAtMs > SLICE_MS) {
        isComplete = false;
        continue;
      }
      if (before?.status !== 'running' && !this.#hasChanged(name)) continue;
      const now = this.#read(name);
      if (now === undefined) {
        names.delete(name);
        continue;
      }
      if (before !== undefined && isSame(before, now)) continue;
      this.#tasks.set(name, now);
      (before === undefined ? added : changed).push(now);
      if (before?.status === 'running' && now.status !== 'running') ended.push(now);
    }
    const removed = [...this.#tasks.values()].filter((task) => !names.has(task.id));
    for (const task of removed) this.#tasks.delete(task.id);
    if (added.length + changed.length + removed.length > 0) {
      this.#changes.fire({ added, changed, removed, ended });
    }
    if (isComplete) this.#finishLoading();
    else this.#nextLook = setImmediate(this.refresh.bind(this));
  }

  dispose(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#nextLook);
    this.#watcher?.close();
  }

  #names(): Set<string> {
    try {
      return new Set(listTaskNames(this.#host.workspace));
    } catch (error) {
      this.#host.log.warn('tasks.unreadable', { message: String(error) });
      return new Set(this.#tasks.keys());
    }
  }

  /**
   * One stat(2): a restart, a new title, an end and a removal each create a file in the directory. Noted before the
   * directory is read, so that what changes meanwhile is seen by the next look.
   */
  #hasChanged(name: string): boolean {
    const directory = path.join(tasksDirectory(this.#host.workspace), name);
    const changedAtMs = statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const isNew = this.#changedAtMs.get(name) !== changedAtMs;
    // File systems stamp by the tick of the kernel: another change within it would look like this one.
    const isStamped = Math.abs(this.#host.clock.now() - changedAtMs) > STAMP_MS;
    if (isStamped) this.#changedAtMs.set(name, changedAtMs);
    else this.#changedAtMs.delete(name);
    return isNew;
  }

  #read(name: string): TaskSnapshot | undefined {
    const directory = path.join(tasksDirectory(this.#host.workspace), name);
    try {
      const task = readTask(directory, this.#host.clock.now());
      if (task?.isForeground !== true) return task;
      // It becomes a task like any other when its agent dies, which changes nothing in its directory.
      this.#changedAtMs.delete(name);
      return undefined;
    } catch (error) {
      this.#host.log.warn('task.unreadable', { id: name, message: String(error) });
      return this.#tasks.get(name);
    }
  }

  /**
   * The watch only makes us look sooner; network file systems and full watch tables (inotify(7)) give no events, and
   * the timer finds everything all the same.
   */
  #watchDirectory(): void {
    // `running` changes when a task starts, restarts and ends; one watch tells all three.
    const directory = path.join(this.#host.workspace.directory, 'running');
    try {
      mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
      this.#watcher = watch(directory, { persistent: false }, () => {
        setTimeout(() => {
          this.refresh();
        }, 10);
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch (error) {
      this.#host.log.debug('tasks.notWatched', { message: String(error) });
    }
  }
}

function isSame(a: TaskSnapshot, b: TaskSnapshot): boolean {
  return (
    a.status === b.status &&
    a.outputBytes === b.outputBytes &&
    a.droppedBytes === b.droppedBytes &&
    a.title === b.title &&
    a.attempt === b.attempt &&
    a.pid === b.pid &&
    a.isLogMissing === b.isLogMissing &&
    a.exitCode === b.exitCode
  );
}
