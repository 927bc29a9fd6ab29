import { writeSync } from 'node:fs';
import { systemErrorCode } from '../common/errors.ts';

/** The kernel takes some 64 KiB before a program has to read; then its descriptor says EAGAIN. */
const MIN_RETRY_MS = 1;
const MAX_RETRY_MS = 32;
/** Between two of these, what the program answers is read: it may wait for that before it reads on. */
const PIECE_BYTES = 16 * 1024;

interface Waiting {
  bytes: Buffer;
  readonly done: () => void;
}

/**
 * Writes to a descriptor that never blocks, in order and without spinning. Not a stream of Node: for the master side of
 * a terminal those write until all is taken, and nothing is read meanwhile, which a program that echoes never survives.
 */
export class PtyWriter {
  readonly #descriptor: number;
  readonly #queue: Waiting[] = [];
  #retryMs = MIN_RETRY_MS;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Buffer): Promise<void> {
    if (this.#isClosed || bytes.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#queue.push({ bytes, done: resolve });
      if (this.#timer === undefined) this.#writeSome();
    });
  }

  /** What is left is dropped: nobody reads it any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { done } of this.#queue.splice(0)) done();
  }

  #writeSome(): void {
    this.#timer = undefined;
    const [first] = this.#queue;
    if (first === undefined) return;
    try {
      const count = writeSync(this.#descriptor, first.bytes, 0, piece(first.bytes));
      first.bytes = first.bytes.subarray(count);
      this.#retryMs = count === 0 ? this.#nextRetryMs() : 0;
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') {
        this.close();
        return;
      }
      this.#retryMs = this.#nextRetryMs();
    }
    if (first.bytes.length === 0) {
      this.#queue.shift();
      first.done();
    }
    if (this.#queue.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#writeSome();
    }, this.#retryMs);
  }

  #nextRetryMs(): number {
    return Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, this.#retryMs * 2));
  }
}

function piece(bytes: Buffer): number {
  return Math.min(PIECE_BYTES, bytes.length);
}
