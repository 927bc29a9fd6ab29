import { setTimeout as delay } from 'node:timers/promises';
import { readOutputBytes, type OutputBytes } from '../core/tasks/output.ts';
import { readTask } from '../core/tasks/readTask.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';

const PIECE_BYTES = 256 * 1024;
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;

/** Where pieces of output go. Whoever writes them waits here until they are taken. */
export type TakePiece = (piece: OutputBytes) => Promise<void>;

export interface FollowOptions {
  readonly from: number;
  /** `from` may lie inside a character. */
  readonly isFromAnywhere?: boolean;
  readonly includePartialLine: boolean;
  readonly take: TakePiece;
  /** Called when everything there is so far has been taken. */
  readonly onCaughtUp?: (position: number) => void;
  /** Ends the following, not the task. */
  readonly signal?: AbortSignal;
}

/** Hands on what there is from an offset, piece by piece; gives the offset to read on from. */
export async function takeOutput(
  task: TaskSnapshot,
  options: Omit<FollowOptions, 'onCaughtUp'>,
): Promise<number> {
  const { includePartialLine, take, signal } = options;
  const isOver = task.status !== 'running';
  let position = options.from;
  // A task that writes faster than we print would have no end: what there is now is enough.
  let until: number | undefined;
  for (;;) {
    const piece = readOutputBytes(task.directory, {
      from: position,
      continues: !(options.isFromAnywhere === true && position === options.from),
      maxBytes: PIECE_BYTES,
      isOver,
      includePartialLine,
    });
    until ??= piece.endOffset;
    if (piece.bytes.length > 0 || piece.droppedBytes > 0) await take(piece);
    const hasMoved = piece.to !== position;
    position = piece.to;
    if (!hasMoved || position >= until || signal?.aborted === true) return position;
  }
}

/** Hands on output as it comes until the task is over; gives the task then, or undefined when it was removed. */
export async function followOutput(
  task: TaskSnapshot,
  options: FollowOptions,
): Promise<TaskSnapshot | undefined> {
  let position = options.from;
  for (let pauseMs = MIN_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, MAX_PAUSE_MS)) {
    // Status before output: when the end is seen, everything written before it is there to be read.
    const now = readTask(task.directory, Date.now());
    if (now === undefined) return undefined;
    const before = position;
    const isFromAnywhere = options.isFromAnywhere === true && position === options.from;
    position = await takeOutput(now, { ...options, from: position, isFromAnywhere });
    if (position !== before) pauseMs = MIN_PAUSE_MS;
    options.onCaughtUp?.(position);
    if (now.status !== 'running' || options.signal?.aborted === true) return now;
    await pause(pauseMs, options.signal);
  }
}

/** Waits for the end without reading, where there is nothing to read from. */
export async function untilOver(
  task: TaskSnapshot,
  signal: AbortSignal,
): Promise<TaskSnapshot | undefined> {
  for (;;) {
    const now = readTask(task.directory, Date.now());
    if (now?.status !== 'running' || signal.aborted) return now;
    await pause(MAX_PAUSE_MS, signal);
  }
}

async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(durationMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
