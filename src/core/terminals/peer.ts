import type { Socket } from 'node:net';
import {
  encodeFrame,
  encodeJson,
  FrameReader,
  FrameType,
  PROTOCOL_VERSION,
  type Frame,
} from './frames.ts';
import {
  canSpeak,
  clientHelloSchema,
  OLDEST_PROTOCOL,
  parseMessage,
  sizeSchema,
  type KeeperHello,
} from './messages.ts';
import { clampSize, type TerminalSize } from './terminalSize.ts';

/** One that has so much still to read is left behind, and gets the screen anew when it has caught up. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** No keyboard sends more at once; a paste comes in many. */
const MAX_INPUT_FRAME_BYTES = 1024 * 1024;
const GREETING_MS = 10_000;

export interface PeerListener {
  /** It has said who it is; from now on it may be shown things. */
  onGreeted(peer: Peer): void;
  /** Resolves when the program's terminal has taken it. */
  onInput(peer: Peer, bytes: Buffer): Promise<void>;
  onResize(peer: Peer): void;
  /** It has been left behind and can take the screen again. */
  onReady(peer: Peer): void;
  onGone(peer: Peer): void;
}

/** What a terminal has to be told to be where the screen is. */
export interface ShownScreen {
  readonly size: TerminalSize;
  /** For a terminal of that size in its initial state. */
  readonly picture: Buffer;
  readonly title: string;
}

/** One terminal that is attached, or one sender, as the keeper sees it. What it sends is not trusted. */
export class Peer {
  readonly #socket: Socket;
  readonly #listener: PeerListener;
  readonly #reader = new FrameReader(MAX_INPUT_FRAME_BYTES);
  readonly #greeting: NodeJS.Timeout;
  #inputBytes = 0;
  #isBehind = false;

  /** Undefined until it has greeted. */
  role: 'attach' | 'send' | undefined;
  size: TerminalSize | undefined;
  scrollback = 0;
  scrollbackAgain = 0;
  /** Whether it is the one whose size the screen has, and that is asked for its colours. */
  isLeader = false;

  constructor(socket: Socket, hello: Pick<KeeperHello, 'id'>, listener: PeerListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#greeting = setTimeout(() => socket.destroy(), GREETING_MS).unref();
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('drain', () => {
      if (this.#isBehind) listener.onReady(this);
    });
    // What breaks a connection is told by its close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(this.#greeting);
      listener.onGone(this);
    });
    const greeting = { protocol: PROTOCOL_VERSION, oldest: OLDEST_PROTOCOL, ...hello };
    socket.write(encodeJson(FrameType.hello, greeting));
  }

  get isShown(): boolean {
    return this.role === 'attach';
  }

  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Shows a piece of output, unless it has too much to read as it is. Takes the encoded frame, as others get it too. */
  showOutput(frame: Buffer): void {
    if (!this.isShown || this.#isBehind) return;
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#isBehind = true;
    else this.#socket.write(frame);
  }

  /** Shows where everything stands, whatever it has missed. */
  showScreen({ size, picture, title }: ShownScreen): void {
    this.#isBehind = false;
    this.#socket.write(encodeJson(FrameType.size, size));
    this.#socket.write(encodeFrame(FrameType.screen, picture));
    if (title !== '') this.#socket.write(titleFrame(title));
  }

  /** As output is shown: whoever has been left behind is told with its next screen. */
  tellSize(size: TerminalSize): void {
    this.showOutput(encodeJson(FrameType.size, size));
  }

  tellTitle(title: string): void {
    this.showOutput(titleFrame(title));
  }

  /** Says good-bye; `whenGone` is called when everything was read, or the time is up. */
  end(type: number, value: unknown, timeLimitMs: number): void {
    this.#socket.end(encodeJson(type, value));
    setTimeout(() => this.#socket.destroy(), timeLimitMs).unref();
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.read(chunk)) this.#obey(frame);
    } catch {
      // Not one of ours, or mad: nobody else is to suffer from it.
      this.#socket.destroy();
    }
  }

  #obey(frame: Frame): void {
    if (this.role === undefined) this.#greet(frame);
    else if (frame.type === FrameType.input) this.#type(Buffer.from(frame.payload));
    else if (frame.type === FrameType.resize) {
      const size = parseMessage(sizeSchema, frame.payload);
      if (size === undefined) throw new RangeError('no size');
      this.size = clampSize(size);
      this.#listener.onResize(this);
    }
  }

  #greet({ payload }: Frame): void {
    const hello = parseMessage(clientHelloSchema, payload);
    if (hello === undefined) throw new RangeError('no greeting');
    clearTimeout(this.#greeting);
    if (!canSpeak(hello)) {
      this.end(FrameType.refused, { reason: 'protocol' }, GREETING_MS);
      return;
    }
    const { role, columns = 0, rows = 0 } = hello;
    this.role = role;
    if (role === 'attach') this.size = clampSize({ columns, rows });
    this.scrollback = hello.scrollback;
    this.scrollbackAgain = hello.scrollbackAgain;
    this.#listener.onGreeted(this);
  }

  /** Nothing more is read from it until the program has taken this: a large paste waits on its side. */
  #type(bytes: Buffer): void {
    this.#socket.pause();
    void this.#listener.onInput(this, bytes).then(() => {
      this.#inputBytes += bytes.length;
      if (this.role === 'send') this.#tellTaken();
      this.#socket.resume();
    });
  }

  #tellTaken(): void {
    // A sender that does not listen would have us keep this for it for ever.
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#socket.destroy();
    else this.#socket.write(encodeJson(FrameType.taken, { bytes: this.#inputBytes }));
  }
}

function titleFrame(title: string): Buffer {
  return encodeFrame(FrameType.title, Buffer.from(title, 'utf8'));
}
