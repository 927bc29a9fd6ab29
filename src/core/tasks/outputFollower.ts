import { statSync } from 'node:fs';
import path from 'node:path';
import { HoldfastError } from '../common/errors.ts';
import { readJsonSync } from '../common/jsonFile.ts';
import { formatSize, taskEndText } from './describeTask.ts';
import { readOutput, type OutputRange } from './output.ts';
import { PlainText } from './plainText.ts';
import { readDroppedBytes } from './readTask.ts';
import { attemptRecordSchema } from './records.ts';
import { taskDirectoryAt, type TaskDirectory } from './taskDirectory.ts';
import type { TaskSnapshot } from './types.ts';

export interface FollowerLimits {
  /** How much of the output there is already is given at first. */
  readonly tailBytes: number;
  /** As much is held at once, and given by one call. */
  readonly readBytes: number;
  /** A reader further behind than this goes on near the end, and says how much it left out. */
  readonly maxLagBytes: number;
  /** A program that writes nothing for this long may be waiting: then a line without its newline is given too. */
  readonly pauseMs: number;
}

const defaultFollowerLimits: FollowerLimits = {
  tailBytes: 1024 * 1024,
  readBytes: 256 * 1024,
  maxLagBytes: 1536 * 1024,
  pauseMs: 700,
};

/** After a leap to the end: little, so that a flood does not become one in the reader's window. */
const LEAP_BYTES = 48 * 1024;

export interface FollowedOutput {
  /** To be appended to what was given before; valid text without control sequences. */
  readonly text: string;
  /** More can be had at once. */
  readonly hasMore: boolean;
}

/**
 * Reads one task's output as it grows, as text to append somewhere: readable lines, and notices in brackets of what a
 * reader must know (left out, restarted, over, log deleted). However much the task writes, a call reads no more than
 * `readBytes`. Holds no file open; nothing to dispose.
 */
export class OutputFollower {
  readonly #files: TaskDirectory;
  readonly #limits: FollowerLimits;
  #plain = new PlainText();
  /** Offset of the first byte not given yet. */
  #position: number;
  /** The attempt that the byte at `#position` belongs to. */
  #attempt: number;
  #isOver = false;
  #isLogMissing = false;
  /** Whether the text given so far ends with a newline, or is empty. */
  #isAtLineStart = true;
  /** The text at `#position` is the rest of a line of which nothing was given. */
  #isWithinLine = false;
  #grewAtMs = 0;
  /** The reader knows that what is given is not all there is. */
  #isHeadTold: boolean;

  constructor(task: TaskSnapshot, limits: Partial<FollowerLimits> = {}) {
    this.#files = taskDirectoryAt(task.directory);
    this.#limits = { ...defaultFollowerLimits, ...limits };
    this.#position = Math.max(task.droppedBytes, task.outputBytes - this.#limits.tailBytes);
    this.#isWithinLine = this.#position > 0;
    this.#isHeadTold = this.#position === 0;
    this.#attempt = 1;
    while (this.#attempt < task.attempt && this.#endOf(this.#attempt) <= this.#position) {
      this.#attempt += 1;
    }
  }

  /** Everything has been given, and the task is over. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What has come since the last call. `task` is the task as it stands now. */
  next(task: TaskSnapshot, nowMs: number): FollowedOutput {
    if (this.#attempt < task.attempt) return this.#nextOfEarlierAttempt();
    if (this.#isOver && !this.#hasGrown()) return { text: '', hasMore: false };
    const isTaskOver = task.status !== 'running';
    const read = this.#read(this.#limits.readBytes, isTaskOver);
    if (read === undefined) return { text: this.#missing(task), hasMore: false };
    const { range, notice } = read;
    let text = notice + this.#plainOf(range.text);
    if (range.to > range.from || notice !== '') this.#grewAtMs = nowMs;
    const hasMore = this.#position < range.endOffset && range.to > range.from;
    if (isTaskOver && !hasMore) {
      if (!this.#isOver) text += this.#finish(text, `[${task.id} ${taskEndText(task)}]`);
      this.#isOver = true;
    } else if (nowMs - this.#grewAtMs >= this.#limits.pauseMs) {
      text += this.#plain.pause();
    }
    return { text: this.#gave(text), hasMore };
  }

  /** A task that was restarted writes on in the same log; the line between its attempts is drawn where one ends. */
  #nextOfEarlierAttempt(): FollowedOutput {
    const end = this.#endOf(this.#attempt);
    let text = '';
    if (this.#position < end) {
      const read = this.#read(Math.min(this.#limits.readBytes, end - this.#position), true);
      text = read === undefined ? '' : read.notice + this.#plainOf(read.range.text);
      const isStuck = read === undefined || read.range.to === read.range.from;
      if (isStuck) this.#position = Math.max(this.#position, end);
    }
    if (this.#position >= end) {
      this.#attempt += 1;
      this.#isOver = false;
      this.#isLogMissing = false;
      text += this.#finish(text, `[${path.basename(this.#files.path)} restarted]`);
    }
    return { text: this.#gave(text), hasMore: true };
  }

  #read(maxBytes: number, isOver: boolean): { range: OutputRange; notice: string } | undefined {
    try {
      const leap = this.#head() + this.#leap();
      const limit = leap === '' ? maxBytes : Math.min(maxBytes, LEAP_BYTES);
      const range = readOutput(this.#files.path, {
        from: this.#position,
        maxBytes: limit,
        isOver,
        includePartialLine: true,
      });
      this.#position = range.to;
      this.#isLogMissing = false;
      const dropped = range.droppedBytes > 0 ? this.#dropped(range.droppedBytes) : '';
      return { range, notice: leap + dropped };
    } catch (error) {
      if (HoldfastError.is(error, 'task.logMissing')) return undefined;
      throw error;
    }
  }

  #head(): string {
    if (this.#isHeadTold) return '';
    this.#isHeadTold = true;
    return this.#notice(
      `… ${formatSize(this.#position)} of earlier output are not shown here; what is kept of it is in the full log: ${this.#files.output}`,
    );
  }

  /** Goes on near the end when too far behind, or at the start when the log has become shorter; says so. */
  #leap(): string {
    const sizeBytes = this.#logSize();
    if (sizeBytes === undefined) return '';
    if (sizeBytes < this.#position) {
      this.#position = readDroppedBytes(this.#files);
      return this.#notice('[the log was emptied or deleted in between, and begins anew here]');
    }
    if (sizeBytes - this.#position <= this.#limits.maxLagBytes) return '';
    const from = Math.max(this.#position, readDroppedBytes(this.#files));
    const to = sizeBytes - LEAP_BYTES;
    if (to <= from) return '';
    const skippedBytes = to - this.#position;
    this.#position = to;
    this.#isWithinLine = true;
    return this.#notice(
      `… ${formatSize(skippedBytes)} skipped, as it comes too fast to be shown; the full log: ${this.#files.output}`,
    );
  }

  #dropped(droppedBytes: number): string {
    this.#isWithinLine = false;
    return this.#notice(`… ${formatSize(droppedBytes)} of earlier output are no longer kept`);
  }

  #missing(task: TaskSnapshot): string {
    if (this.#isLogMissing && (this.#isOver || task.status === 'running')) return '';
    this.#isLogMissing = true;
    const running = `${task.id} goes on, but what it writes can no longer be seen: restart it for a new log`;
    const isRunning = task.status === 'running';
    const text = this.#notice(
      `[the log was deleted: ${this.#files.output}; ${isRunning ? running : 'its output is gone'}]`,
    );
    if (isRunning) return text;
    const isNew = !this.#isOver;
    this.#isOver = true;
    return isNew ? `${text}[${task.id} ${taskEndText(task)}]\n` : text;
  }

  #plainOf(text: string): string {
    if (!this.#isWithinLine || text === '') return this.#plain.push(text);
    this.#isWithinLine = false;
    // The rest of a cut line says little; but a text without any newline is better than nothing.
    return this.#plain.push(text.slice(text.indexOf('\n') + 1));
  }

  #notice(notice: string): string {
    return this.#finish('', notice);
  }

  /** Ends the line that is unfinished, and puts a notice after it. `before`: what this call gives ahead of it. */
  #finish(before: string, notice: string): string {
    const rest = this.#plain.end();
    const whole = before + rest;
    const isAtLineStart = whole === '' ? this.#isAtLineStart : whole.endsWith('\n');
    this.#isAtLineStart = true;
    return `${rest}${isAtLineStart ? '' : '\n'}${notice}\n`;
  }

  #gave(text: string): string {
    if (text !== '') this.#isAtLineStart = text.endsWith('\n');
    return text;
  }

  #hasGrown(): boolean {
    return (this.#logSize() ?? 0) > this.#position;
  }

  #logSize(): number | undefined {
    return statSync(this.#files.output, { throwIfNoEntry: false })?.size;
  }

  #endOf(attempt: number): number {
    const file = path.join(this.#files.attempts, String(attempt), 'attempt.json');
    const record = readJsonSync(file, attemptRecordSchema);
    return record.kind === 'ok' ? record.value.toOffset : 0;
  }
}
