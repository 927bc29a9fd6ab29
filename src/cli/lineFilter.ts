import { StringDecoder } from 'node:string_decoder';

/** A line is looked at as a whole up to this length; a longer one in pieces. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;

/** Keeps the lines that match, of text that comes in pieces cut anywhere. */
export class LineFilter {
  readonly #pattern: RegExp;
  readonly #decoder = new StringDecoder('utf8');
  /** The beginning of a line whose end has not come yet. */
  #rest = '';

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  /** The matching lines that end in this piece, each with its newline. */
  take(bytes: Buffer): string {
    const text = this.#rest + this.#decoder.write(bytes);
    const end = text.length > MAX_LINE_LENGTH ? text.length : text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    return this.#matching(text.slice(0, end));
  }

  /** The last line, if it matches: whoever wrote it will write no more. */
  finish(): string {
    const text = this.#rest + this.#decoder.end();
    this.#rest = '';
    return this.#matching(text);
  }

  #matching(text: string): string {
    return text
      .split(/(?<=\n)/)
      .filter((line) => line !== '' && this.#pattern.test(line.replace(/\r?\n$/, '')))
      .join('');
  }
}
