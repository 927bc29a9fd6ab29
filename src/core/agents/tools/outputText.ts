import { createContext, Script, type Context } from 'node:vm';
import { HoldfastError } from '../../common/errors.ts';
import { readOutputBytes } from '../../tasks/output.ts';
import { PlainText } from '../../tasks/plainText.ts';

/**
 * What one answer holds at most. Clients cut a tool's result at 25,000 tokens; text is about four bytes a token, and
 * what has no words in it (hex, base64) can be one token for every two bytes. Twice this must fit, since some clients
 * hand on both the text and the structured form of a result.
 */
export const MAX_TEXT_BYTES = 20_000;

const PIECE_BYTES = 256 * 1024;
/** How much one call looks through at most: some 50 ms. */
export const MAX_SCAN_BYTES = 16 * 1024 * 1024;
/** What a filter sees of a line. */
const MAX_FILTERED_CHARS = 10_000;
const FILTER_TIMEOUT_MS = 2000;

export interface TextRequest {
  readonly from: number;
  /** `from` is where an earlier piece ended. */
  readonly continues: boolean;
  readonly isOver: boolean;
  /** Also take a last line that has no newline yet. */
  readonly includePartialLine?: boolean;
  readonly filter?: LineTest;
  readonly maxBytes?: number;
}

/** Output as a model reads it. Offsets count bytes of the log. */
export interface OutputText {
  /** No escape sequences; of a line drawn over and over, how it looked in the end. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly endOffset: number;
  readonly droppedBytes: number;
}

/** Which of some lines match. */
export type LineTest = (lines: readonly string[]) => readonly boolean[];

/**
 * Reads on in a task's output until there is nothing more or the answer is full. Ends at the end of a line, but for one
 * that does not fit into an answer.
 * @throws HoldfastError `task.logMissing`, `file.unreadable`, `input.invalid` for a filter that takes too long.
 */
export function readText(directory: string, request: TextRequest): OutputText {
  const maxBytes = request.maxBytes ?? MAX_TEXT_BYTES;
  const collected = new Collector(maxBytes, request.filter);
  let { from, continues } = request;
  let first: number | undefined;
  let endOffset = 0;
  let droppedBytes = 0;
  for (let scanned = 0; scanned < MAX_SCAN_BYTES && !collected.isFull;) {
    const piece = readOutputBytes(directory, {
      from,
      continues,
      isOver: request.isOver,
      maxBytes: PIECE_BYTES,
      includePartialLine: request.includePartialLine ?? false,
    });
    first ??= piece.from;
    endOffset = piece.endOffset;
    droppedBytes += piece.droppedBytes;
    const taken = collected.take(piece.bytes);
    // After a hole the piece begins later than was asked for.
    from = taken < piece.bytes.length ? piece.from + taken : piece.to;
    continues = true;
    scanned += piece.bytes.length;
    if (piece.bytes.length === 0 || piece.to >= endOffset) break;
  }
  return { text: collected.text(), from: first ?? from, to: from, endOffset, droppedBytes };
}

/**
 * A filter from a regular expression of the caller's. It runs with a time limit: an expression can take longer than the
 * world lasts.
 * @param options.ignoresCase for what a person types.
 * @throws HoldfastError `input.invalid`.
 */
export function compileFilter(source: string, { ignoresCase = false } = {}): LineTest {
  const flags = ignoresCase ? 'i' : '';
  let expression: RegExp;
  try {
    expression = new RegExp(source, `${flags}u`);
  } catch {
    try {
      // Escapes that the stricter grammar refuses are common in what people write: \-, \_ …
      expression = new RegExp(source, flags);
    } catch (error) {
      throw new HoldfastError(
        'input.invalid',
        `filter is not a regular expression (${error instanceof Error ? error.message : ''})`,
        { cause: error },
      );
    }
  }
  const context: Context = createContext({ expression, lines: [] });
  const script = new Script('lines.map((line) => expression.test(line))');
  return (lines) => {
    context['lines'] = lines.map((line) => line.slice(0, MAX_FILTERED_CHARS));
    try {
      return script.runInContext(context, { timeout: FILTER_TIMEOUT_MS }) as boolean[];
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new HoldfastError('input.invalid', `filter takes too long: use a simpler expression`);
    }
  };
}

/** The error may belong to the context, whose `Error` is another one. */
function isTimeout(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** Takes lines until the answer is full. */
class Collector {
  isFull = false;
  readonly #maxBytes: number;
  readonly #filter: LineTest | undefined;
  /** There from the first control character on. */
  #plain: PlainText | undefined;
  readonly #parts: string[] = [];
  #bytes = 0;

  constructor(maxBytes: number, filter: LineTest | undefined) {
    this.#maxBytes = maxBytes;
    this.#filter = filter;
  }

  /** Gives how many of the bytes it took. */
  take(bytes: Buffer): number {
    const lines = this.#read(bytes);
    const matches = this.#filter?.(lines.map(({ text }) => text.replace(/\n$/, '')));
    let taken = 0;
    for (const [index, { text, sizeBytes }] of lines.entries()) {
      const isWanted = matches === undefined || matches[index] === true;
      const length = isWanted ? Buffer.byteLength(text) : 0;
      if (this.#bytes + length > this.#maxBytes) {
        this.isFull = true;
        // A line that fits into no answer: what of it does, and the rest the next time.
        const part = bytes.subarray(taken, taken + sizeBytes);
        return this.#bytes > 0 ? taken : taken + this.#takePart(part);
      }
      if (isWanted) this.#parts.push(text);
      this.#bytes += length;
      taken += sizeBytes;
    }
    return taken;
  }

  text(): string {
    return this.#parts.join('');
  }

  #read(bytes: Buffer): readonly Line[] {
    const text = bytes.toString('utf8');
    // Most output is plain text, and reading it so takes a tenth of the time.
    if (this.#plain === undefined && !NOT_PLAIN.test(text)) {
      const texts = text.split(/(?<=\n)/);
      return texts.map((line) => ({ text: line, sizeBytes: Buffer.byteLength(line) }));
    }
    this.#plain ??= new PlainText({ maxLineChars: this.#maxBytes });
    const plain = this.#plain;
    return splitLines(bytes).map((line) => {
      const shown = plain.push(line.toString('utf8'));
      // Only the last line of all can lack its newline, and a line of several pieces is cut by `takePart`.
      const isWhole = line.at(-1) === NEWLINE;
      return { text: isWhole ? shown : shown + plain.end(), sizeBytes: line.length };
    });
  }

  #takePart(line: Buffer): number {
    let length = Math.min(line.length, this.#maxBytes);
    while (length > 0 && ((line[length] ?? 0) & 0xc0) === 0x80) length -= 1;
    const plain = new PlainText({ maxLineChars: this.#maxBytes });
    const text = plain.push(line.toString('utf8', 0, length));
    this.#parts.push(text + plain.end());
    this.#bytes = this.#maxBytes;
    return length;
  }
}

interface Line {
  readonly text: string;
  /** In the log. */
  readonly sizeBytes: number;
}

const NEWLINE = 0x0a;
/** Control characters, and what stands for bytes that are no UTF-8: the text has another length than the bytes then. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NOT_PLAIN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/;

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
