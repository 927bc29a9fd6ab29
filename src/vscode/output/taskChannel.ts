import * as vscode from 'vscode';
import type { Disposable } from '../../core/common/disposables.ts';
import { OutputFollower } from '../../core/tasks/outputFollower.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';

/**
 * An output channel shows nothing more, for good, once 30 MiB were written to it (microsoft/vscode#74262). Before that
 * it is replaced by a new one, which begins with the end of the output.
 */
const MAX_CHANNEL_BYTES = 25 * 1000 * 1000;

/** Of one call; the tail that a new channel begins with fits into these. */
const MAX_READS_TO_FILL = 5;

/**
 * The output channel of one task, named like it, holding the readable form of its output. Whoever creates it disposes
 * it, and calls `update` as long as it is not up to date.
 */
export class TaskChannel implements Disposable {
  readonly id: string;
  #channel: vscode.OutputChannel;
  #follower: OutputFollower;
  #writtenBytes = 0;

  constructor(task: TaskSnapshot) {
    this.id = task.id;
    this.#channel = vscode.window.createOutputChannel(task.id);
    this.#follower = new OutputFollower(task);
  }

  /** Nothing will come until the task is restarted. */
  get isUpToDate(): boolean {
    return this.#follower.isOver;
  }

  /** Shows the end of the output at once, as far as it can be read in one go, and leaves the focus where it is. */
  show(task: TaskSnapshot, nowMs: number): void {
    for (let reads = 0; reads < MAX_READS_TO_FILL; reads += 1) {
      if (!this.update(task, nowMs)) break;
    }
    this.#channel.show(true);
  }

  /** Appends a bounded piece of what is new; says whether there is more of it now. */
  update(task: TaskSnapshot, nowMs: number): boolean {
    if (this.#writtenBytes > MAX_CHANNEL_BYTES) this.#replaceChannel(task);
    const { text, hasMore } = this.#follower.next(task, nowMs);
    if (text !== '') {
      this.#channel.append(text);
      this.#writtenBytes += Buffer.byteLength(text);
    }
    return hasMore;
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #replaceChannel(task: TaskSnapshot): void {
    const wasShown = this.#isShown();
    this.#channel.dispose();
    this.#channel = vscode.window.createOutputChannel(this.id);
    this.#follower = new OutputFollower(task);
    this.#writtenBytes = 0;
    if (wasShown) this.#channel.show(true);
  }

  /** There is no API for it; the Output view's editor is listed with the others, under the channel's own name. */
  #isShown(): boolean {
    return vscode.window.visibleTextEditors.some(
      ({ document }) =>
        document.uri.scheme === 'output' && document.uri.path.endsWith(`-${this.id}`),
    );
  }
}
