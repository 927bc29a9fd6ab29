import { SequenceParser } from './controlSequences.ts';

export interface PlainTextOptions {
  /** What of a line is kept, in UTF-16 units; the rest is counted and told. */
  readonly maxLineChars?: number;
}

const DEFAULT_MAX_LINE_CHARS = 20_000;
/** As far as a program may move the cursor to the right; wider than any terminal. */
const MAX_COLUMN = 500;
/** What is neither text nor tab: C0 without tab, DEL, C1. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const TEXT_RUN = /[^\u0000-\u0008\u000a-\u001f\u007f-\u009f]+/y;

/**
 * Turns what a program writes for a terminal into lines that can be read, and appended to, anywhere: no escape
 * sequences, and of a line drawn over and over (progress bars, spinners) only how it looked in the end. Takes the
 * output in pieces; where they are cut makes no difference, and a line of any length costs bounded memory.
 */
export class PlainText {
  readonly #maxLineChars: number;
  readonly #sequences = new SequenceParser();
  #out = '';
  /** What the unfinished line shows, without what `pause` has handed out. */
  #line = '';
  /** Of the unfinished line, what `pause` has handed out, in UTF-16 units. */
  #pausedChars = 0;
  /** Characters of the unfinished line beyond the limit. */
  #cutChars = 0;
  /** The cursor is at the start of the line: the next character written there replaces it. */
  #isAtStart = false;
  /** How many characters the cursor has gone back from the end of the line. */
  #backspaces = 0;
  /** The line has been drawn over at least once, and may be again. */
  #isRedrawn = false;

  constructor({ maxLineChars = DEFAULT_MAX_LINE_CHARS }: PlainTextOptions = {}) {
    this.#maxLineChars = maxLineChars;
  }

  /** Gives the lines that this piece completes, each with its newline. */
  push(chunk: string): string {
    for (let index = 0; index < chunk.length;) {
      if (this.#sequences.isInside) {
        index = this.#sequences.read(chunk, index, this.#obey);
        continue;
      }
      TEXT_RUN.lastIndex = index;
      const run = TEXT_RUN.exec(chunk)?.[0];
      if (run === undefined) {
        this.#control(chunk.charCodeAt(index));
        index += 1;
      } else {
        this.#write(run);
        index += run.length;
      }
    }
    return this.#take();
  }

  /** Gives the unfinished line as far as it is known, for a program that has stopped to wait; not one drawn over. */
  pause(): string {
    if (this.#isRedrawn || this.#isAtStart || this.#line === '') return '';
    const line = this.#line;
    this.#pausedChars += line.length;
    this.#line = '';
    return line;
  }

  /** Gives the last line, if it has no newline, and begins anew. */
  end(): string {
    this.#endLine('');
    this.#sequences.reset();
    return this.#take();
  }

  #take(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }

  #control(code: number): void {
    switch (code) {
      case 0x08:
        this.#backspaces += 1;
        break;
      // Besides line feed: vertical tab, form feed and "next line".
      case 0x0a:
      case 0x0b:
      case 0x0c:
      case 0x85:
        this.#endLine('\n');
        break;
      case 0x0d:
        this.#goToStart();
        break;
      // Padding, the bell, and shifts between character sets: nothing to be seen.
      case 0x00:
      case 0x07:
      case 0x0e:
      case 0x0f:
        break;
      case 0x7f:
        this.#write('\u2421');
        break;
      default:
        if (this.#sequences.tryBegin(code) || code >= 0x80) break;
        // Unicode's pictures of the control characters: ␃ for Ctrl+C.
        this.#write(String.fromCharCode(0x2400 + code));
    }
  }

  readonly #obey = (final: string, parameters: string): void => {
    const count = Number.parseInt(parameters, 10) || 0;
    if (final === '\n') this.#endLine('\n');
    else if (final === 'G') this.#goToColumn(Math.max(count, 1) - 1);
    else if (final === 'C') this.#goRight(Math.max(count, 1));
    else if ((final === 'K' || final === 'J') && count === 0) {
      if (this.#isAtStart) this.#clearLine();
    } else if (final === 'K' && count === 2) this.#clearLine();
    else if (final === 'H' || final === 'f' || final === 'd' || (final === 'J' && count >= 2)) {
      // The program draws elsewhere on the screen: what it writes there is another line to the reader.
      if (this.#line !== '') this.#endLine('\n');
    }
  };

  #write(text: string): void {
    if (this.#isAtStart) this.#clearLine();
    if (this.#backspaces > 0) this.#eraseBack();
    const room = this.#maxLineChars - this.#pausedChars - this.#line.length;
    const kept = text.length <= room ? text : text.slice(0, Math.max(0, room));
    this.#line += kept;
    this.#cutChars += text.length - kept.length;
  }

  /** A program goes back in order to write over: that has come, and what follows it is not kept. */
  #eraseBack(): void {
    const isCut = this.#cutChars > 0;
    while (!isCut && this.#backspaces > 0 && this.#line !== '') {
      const isPair = /[\ud800-\udbff][\udc00-\udfff]$/.test(this.#line.slice(-2));
      this.#line = this.#line.slice(0, isPair ? -2 : -1);
      this.#backspaces -= 1;
    }
    this.#backspaces = 0;
  }

  #goToStart(): void {
    this.#isAtStart = true;
    this.#backspaces = 0;
  }

  #goToColumn(column: number): void {
    if (column === 0 || column > MAX_COLUMN) {
      this.#goToStart();
      return;
    }
    this.#isAtStart = false;
    this.#backspaces = 0;
    this.#line = this.#line.slice(0, column).padEnd(column);
  }

  #goRight(columns: number): void {
    if (this.#isAtStart) this.#goToColumn(columns);
    else this.#write(' '.repeat(Math.min(columns, MAX_COLUMN)));
  }

  #clearLine(): void {
    if (this.#pausedChars > 0) this.#out += '\n';
    this.#isRedrawn ||= this.#line !== '';
    this.#startLine();
  }

  #endLine(newline: '\n' | ''): void {
    const isCut = this.#cutChars > 0;
    // Where the limit falls into a character of two units, half of it would be left.
    const line = isCut ? this.#line.replace(/[\ud800-\udbff]$/, '') : this.#line;
    const note = isCut ? ` … [${this.#cutChars} more characters of this line are in the log]` : '';
    this.#out += line + note + newline;
    this.#isRedrawn = false;
    this.#startLine();
  }

  #startLine(): void {
    this.#line = '';
    this.#pausedChars = 0;
    this.#cutChars = 0;
    this.#isAtStart = false;
    this.#backspaces = 0;
  }
}

/** The same for a text that is there whole. */
export function toPlainText(text: string): string {
  const plain = new PlainText({ maxLineChars: Infinity });
  return plain.push(text) + plain.end();
}
