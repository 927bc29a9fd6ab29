import type { Disposable } from '../../core/common/disposables.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import type { TaskChange } from '../../core/tasks/taskFeed.ts';
import { sortTasks } from '../../core/tasks/taskSorting.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { TaskChannel } from './taskChannel.ts';

const UPDATE_EVERY_MS = 150;
/** Of each round, so that several floods leave the extension host most of its time. */
const UPDATE_BUDGET_MS = 25;
/** Channels that come by themselves; any other comes when it is asked for. */
const MAX_UNASKED_CHANNELS = 30;

export interface TaskChannels extends Disposable {
  /**
   * Brings a task's output into view.
   * @throws HoldfastError `task.notFound`, `file.unreadable`.
   */
  show(id: string): void;
}

/** An output channel for each task that is running, was started while the window was open, or is asked for. */
export function registerTaskChannels(window: HoldfastWindow): TaskChannels {
  return window.disposables.add(new ChannelSet(window));
}

class ChannelSet implements TaskChannels {
  readonly #window: HoldfastWindow;
  readonly #channels = new Map<string, TaskChannel>();
  readonly #subscription: Disposable;
  readonly #openedAtMs: number;
  /** Runs only while a channel has something to wait for. */
  #timer: NodeJS.Timeout | undefined;
  /** The channel that is first in the next round; each has its turn, however much the others have to read. */
  #turn = 0;

  constructor(window: HoldfastWindow) {
    this.#window = window;
    this.#openedAtMs = window.host.clock.now();
    this.#subscription = window.feed.onDidChange((change) => {
      this.#follow(change);
    });
    for (const task of sortTasks(window.feed.tasks)) {
      if (task.status === 'running') this.#openUnasked(task);
    }
  }

  show(id: string): void {
    const task = this.#window.feed.get(id);
    if (task === undefined) {
      throw new HoldfastError('task.notFound', `there is no task ${id}`, { data: { id } });
    }
    this.#open(task).show(task, this.#window.host.clock.now());
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#subscription.dispose();
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }

  #follow({ added, changed, removed }: TaskChange): void {
    for (const task of added) {
      if (task.status === 'running' || task.createdAtMs >= this.#openedAtMs) {
        this.#openUnasked(task);
      }
    }
    for (const { id } of removed) {
      this.#channels.get(id)?.dispose();
      this.#channels.delete(id);
    }
    if (changed.some(({ id }) => this.#channels.has(id))) this.#wake();
  }

  #openUnasked(task: TaskSnapshot): void {
    if (this.#channels.size < MAX_UNASKED_CHANNELS) this.#open(task);
  }

  #open(task: TaskSnapshot): TaskChannel {
    let channel = this.#channels.get(task.id);
    if (channel === undefined) {
      channel = new TaskChannel(task);
      this.#channels.set(task.id, channel);
    }
    this.#wake();
    return channel;
  }

  #wake(): void {
    this.#timer ??= setInterval(() => {
      this.#updateAll();
    }, UPDATE_EVERY_MS);
  }

  #updateAll(): void {
    const channels = [...this.#channels.values()];
    const untilMs = performance.now() + UPDATE_BUDGET_MS;
    let isAnyOpen = false;
    let done = 0;
    for (; done < channels.length && performance.now() < untilMs; done += 1) {
      const channel = channels[(this.#turn + done) % channels.length];
      if (channel !== undefined) isAnyOpen = this.#update(channel) || isAnyOpen;
    }
    this.#turn = channels.length === 0 ? 0 : (this.#turn + done) % channels.length;
    if (!isAnyOpen && done === channels.length) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Whether the channel must be looked at again. */
  #update(channel: TaskChannel): boolean {
    const task = this.#window.feed.get(channel.id);
    if (task === undefined) return false;
    try {
      return (
        channel.update(task, this.#window.host.clock.now()) ||
        task.status === 'running' ||
        !channel.isUpToDate
      );
    } catch (error) {
      this.#window.log.warn('output.unreadable', { id: task.id, message: String(error) });
      return task.status === 'running';
    }
  }
}
