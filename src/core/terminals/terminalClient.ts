import { connect, type Socket } from 'node:net';
import {
  encodeFrame,
  encodeJson,
  FrameReader,
  FrameType,
  MAX_FRAME_BYTES,
  PROTOCOL_VERSION,
  type Frame,
} from './frames.ts';
import {
  canSpeak,
  endSchema,
  keeperHelloSchema,
  OLDEST_PROTOCOL,
  parseMessage,
  sizeSchema,
  takenSchema,
  type ClientHello,
} from './messages.ts';
import type { TerminalSize } from './terminalSize.ts';

const CONNECT_MS = 5000;
/** A keeper that hangs is left behind. */
const CLOSE_MS = 1000;
/** A paste goes out in pieces, between which the keeper can be told other things. */
const INPUT_PIECE_BYTES = 64 * 1024;

/** Why a connection is over. `lost`: the keeper is gone, or does not speak to us. */
export type TerminalEnd =
  | { readonly kind: 'ended'; readonly exitCode: number | undefined }
  | { readonly kind: 'refused' }
  | { readonly kind: 'lost' };

export interface ClientListener {
  /** The keeper has greeted; what is typed now reaches the program. */
  onReady?(): void;
  /** What a terminal in its initial state is to be given; `isAgain` when we were too slow for all there was. */
  onScreen?(bytes: Buffer, isAgain: boolean): void;
  onOutput?(bytes: Buffer): void;
  onSize?(size: TerminalSize): void;
  onTitle?(title: string): void;
  /** How many bytes of input the program's terminal has taken; told to senders only. */
  onTaken?(bytes: number): void;
  onEnd(end: TerminalEnd): void;
}

export type ClientOptions = Omit<ClientHello, 'protocol' | 'oldest'>;

/** A connection to the keeper of a task with a terminal. Whoever opened it closes it. */
export class TerminalClient {
  readonly #socket: Socket;
  readonly #listener: ClientListener;
  readonly #options: ClientOptions;
  readonly #reader = new FrameReader(MAX_FRAME_BYTES);
  /** Typed before the keeper has greeted; until then it takes nothing but our greeting. */
  #early: Buffer[] = [];
  #hasGreeted = false;
  #hasScreen = false;
  #end: TerminalEnd | undefined;
  #isClosed = false;

  constructor(socketPath: string, options: ClientOptions, listener: ClientListener) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = connect(socketPath);
    this.#socket.setTimeout(CONNECT_MS, () => this.#socket.destroy());
    this.#socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      if (!this.#isClosed) listener.onEnd(this.#end ?? { kind: 'lost' });
      this.#isClosed = true;
    });
  }

  /** False when the keeper takes its time; `onceSent` tells when all is sent. */
  type(bytes: Buffer): boolean {
    if (!this.#hasGreeted) {
      this.#early.push(Buffer.from(bytes));
      return true;
    }
    let isFlowing = true;
    for (let at = 0; at < bytes.length; at += INPUT_PIECE_BYTES) {
      const piece = bytes.subarray(at, at + INPUT_PIECE_BYTES);
      isFlowing = this.#socket.write(encodeFrame(FrameType.input, piece));
    }
    return isFlowing;
  }

  onceSent(then: () => void): void {
    this.#socket.once('drain', then);
  }

  resize(size: TerminalSize): void {
    if (this.#hasGreeted) this.#socket.write(encodeJson(FrameType.resize, size));
  }

  /** Nothing more is read until {@link resume}; meanwhile the keeper keeps no more than a little for us. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Leaves; the program goes on, and gets what was typed. `onEnd` is not called any more. */
  close(): void {
    this.#isClosed = true;
    if (!this.#hasGreeted && this.#early.length > 0) return;
    // The keeper closes when it has read all. To be gone before that would have its next output fail, and what was typed
    // be lost with the connection.
    this.#socket.end();
    this.#socket.resume();
    this.#socket.setTimeout(CLOSE_MS, () => this.#socket.destroy());
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.read(chunk)) this.#obey(frame);
    } catch {
      this.#socket.destroy();
    }
  }

  #obey({ type, payload }: Frame): void {
    if (this.#isClosed && type !== FrameType.hello) return;
    switch (type) {
      case FrameType.hello:
        this.#greet(payload);
        break;
      case FrameType.screen:
        this.#listener.onScreen?.(payload, this.#hasScreen);
        this.#hasScreen = true;
        break;
      case FrameType.output:
        this.#listener.onOutput?.(payload);
        break;
      case FrameType.title:
        this.#listener.onTitle?.(payload.toString('utf8'));
        break;
      case FrameType.refused:
        this.#end = { kind: 'refused' };
        break;
      default:
        this.#obeyMessage(type, payload);
    }
  }

  #obeyMessage(type: number, payload: Buffer): void {
    const size = type === FrameType.size ? parseMessage(sizeSchema, payload) : undefined;
    if (size !== undefined) this.#listener.onSize?.(size);
    const taken = type === FrameType.taken ? parseMessage(takenSchema, payload) : undefined;
    if (taken !== undefined) this.#listener.onTaken?.(taken.bytes);
    const end = type === FrameType.end ? parseMessage(endSchema, payload) : undefined;
    if (end !== undefined) this.#end = { kind: 'ended', exitCode: end.exitCode ?? undefined };
  }

  #greet(payload: Buffer): void {
    const hello = parseMessage(keeperHelloSchema, payload);
    if (hello === undefined) throw new RangeError('no greeting');
    this.#socket.setTimeout(0);
    this.#hasGreeted = true;
    if (!canSpeak(hello)) {
      this.#end = { kind: 'refused' };
      this.#socket.destroy();
      return;
    }
    const greeting = { protocol: PROTOCOL_VERSION, oldest: OLDEST_PROTOCOL, ...this.#options };
    this.#socket.write(encodeJson(FrameType.hello, greeting));
    for (const bytes of this.#early.splice(0)) this.type(bytes);
    if (this.#isClosed) this.close();
    else this.#listener.onReady?.();
  }
}
