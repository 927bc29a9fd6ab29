import type { Worker } from 'node:worker_threads';
import type { FilePlan } from './planIndex.ts';
import { PieceBuilder, readPieces, type Piece } from './pieces.ts';
import { startThread } from './startThread.ts';
import type { TextSource } from './textSource.ts';

/** How much text may have been read that was not written yet. */
const MAX_AHEAD_BYTES = 32 * 1024 * 1024;
/** Small pieces travel together. */
const PARCEL_BYTES = 512 * 1024;

/** What a thread is given that reads ahead. */
export interface ReaderInput {
  readonly role: 'read';
  readonly home: string;
  readonly plans: readonly FilePlan[];
  /** One number: how many bytes it is ahead. */
  readonly ahead: SharedArrayBuffer;
}

type ReaderMessage =
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[]; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly plan: number; readonly message: string }
  | { readonly kind: 'end' };

export interface ReadAheadOptions {
  readonly script: string | URL;
  readonly home: string;
  readonly plans: readonly FilePlan[];
  readonly onUnreadable: (plan: number, message: string) => void;
}

/** Reads and folds files in a thread of its own, while what came before is written. Ends the thread when left early. */
export async function* readAhead(options: ReadAheadOptions): AsyncGenerator<Piece> {
  const ahead = new SharedArrayBuffer(4);
  const counter = new Int32Array(ahead);
  const { script, home, plans } = options;
  const worker = startThread(script, { role: 'read', home, plans, ahead });
  const inbox = new Inbox(worker);
  try {
    for (;;) {
      const message = await inbox.next();
      if (message.kind === 'end') return;
      if (message.kind === 'unreadable') {
        options.onUnreadable(message.plan, message.message);
        continue;
      }
      yield* message.pieces;
      Atomics.sub(counter, 0, message.bytes);
      Atomics.notify(counter, 0);
    }
  } finally {
    await worker.terminate();
  }
}

/** Messages in their order, for one who asks for one after the other. */
class Inbox {
  readonly #messages: ReaderMessage[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(worker: Worker) {
    worker.on('message', (message: ReaderMessage) => {
      this.#messages.push(message);
      this.#wake?.();
    });
    worker.on('error', (error: unknown) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', (code) => {
      this.#fail(new Error(`the reading thread ended with ${code}`));
    });
  }

  async next(): Promise<ReaderMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}

/** What the thread does. `post` hands over the memory of the texts. */
export function runReader(
  { plans, ahead }: ReaderInput,
  sources: readonly TextSource[],
  post: (message: ReaderMessage, transfer: readonly ArrayBuffer[]) => void,
): void {
  const counter = new Int32Array(ahead);
  const builder = new PieceBuilder();
  let pieces: Piece[] = [];
  let bytes = 0;
  const send = (): void => {
    if (pieces.length === 0) return;
    Atomics.add(counter, 0, bytes);
    post(
      { kind: 'pieces', pieces, bytes },
      pieces.map(({ text }) => text.buffer),
    );
    pieces = [];
    bytes = 0;
    waitForRoom(counter);
  };
  for (const [index, plan] of plans.entries()) {
    const source = sources.find(({ name }) => name === plan.file.source);
    if (source === undefined) continue;
    builder.plan = index;
    try {
      readPieces(source, plan, builder, (piece) => {
        pieces.push(piece);
        bytes += piece.text.length;
        if (bytes >= PARCEL_BYTES) send();
      });
    } catch (error) {
      builder.discard();
      post({ kind: 'unreadable', plan: index, message: String(error) }, []);
    }
  }
  send();
  post({ kind: 'end' }, []);
}

function waitForRoom(counter: Int32Array): void {
  for (;;) {
    const ahead = Atomics.load(counter, 0);
    if (ahead < MAX_AHEAD_BYTES) return;
    Atomics.wait(counter, 0, ahead);
  }
}
