/**
 * What keepers and the terminals attached to them say to each other, over a stream of frames: one byte of type, four of
 * length (big endian), payload. The first frame each way is `hello`. Frames of a type that one does not know are
 * skipped, and so are fields of JSON payloads: keepers outlive updates of everything that attaches to them.
 */
export const PROTOCOL_VERSION = 1;

export const FrameType = {
  /** Both ways, first: JSON, see messages.ts. */
  hello: 1,
  /** To the keeper: raw bytes, as typed. */
  input: 2,
  /** To the keeper: JSON `{ columns, rows }`. */
  resize: 3,
  /** To the terminal: what a terminal in its initial state has to be given to show the screen. */
  screen: 16,
  /** To the terminal: raw bytes of the program. */
  output: 17,
  /** To the terminal: JSON `{ columns, rows }` of the screen, whoever has decided it. */
  size: 18,
  /** To the terminal: UTF-8. */
  title: 19,
  /** To who sends: JSON `{ bytes }`, how much of what it sent the program's terminal has taken so far. */
  taken: 20,
  /** To the terminal, last: JSON `{ exitCode }`. */
  end: 21,
  /** To the terminal, last: JSON `{ reason }`. */
  refused: 22,
} as const;

export interface Frame {
  readonly type: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 5;
/** A first frame is small; anything else is someone who does not speak this. */
const MAX_HELLO_BYTES = 4096;
/** A whole screen with its scrollback fits; a peer must not make us hold more. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export function encodeFrame(type: number, payload: Uint8Array): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}

export function encodeJson(type: number, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value), 'utf8'));
}

/** Puts frames together from a stream cut anywhere. */
export class FrameReader {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #length = 0;
  #hasGreeted = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The frames that are whole now. @throws RangeError for what cannot be a frame: whoever sent it is to be left. */
  read(chunk: Buffer): Frame[] {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wantedBytes()) return [];
    let bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const frames: Frame[] = [];
    for (;;) {
      const end = this.#endOfFrame(bytes);
      if (end === undefined || bytes.length < end) break;
      frames.push({ type: bytes[0] ?? 0, payload: bytes.subarray(HEADER_BYTES, end) });
      this.#hasGreeted = true;
      bytes = bytes.subarray(end);
    }
    this.#parts = bytes.length === 0 ? [] : [bytes];
    this.#length = bytes.length;
    return frames;
  }

  /** Lest a large frame in small pieces is put together again with each of them. */
  #wantedBytes(): number {
    const [first] = this.#parts;
    if (first === undefined || first.length < HEADER_BYTES) return 0;
    return this.#endOfFrame(first) ?? 0;
  }

  #endOfFrame(bytes: Buffer): number | undefined {
    const type = bytes[0];
    if (type === undefined) return undefined;
    if (!this.#hasGreeted && type !== FrameType.hello) throw new RangeError('no greeting');
    if (bytes.length < HEADER_BYTES) return undefined;
    const length = bytes.readUInt32BE(1);
    if (length > (this.#hasGreeted ? this.#maxBytes : MAX_HELLO_BYTES)) {
      throw new RangeError(`a frame of ${length} bytes`);
    }
    return HEADER_BYTES + length;
  }
}
