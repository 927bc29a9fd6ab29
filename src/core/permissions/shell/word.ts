import { dropCharacters, withoutBraces, type Piece } from './pieces.ts';

/** One word of a command: what is known of it before the command runs. */
export interface Word {
  /** As it is written, quotes and all. */
  readonly raw: string;
  /** What the program will be given; undefined when that is only known at run time. */
  readonly value: string | undefined;
  /** The part of the value before the first thing that is only known at run time. */
  readonly prefix: string;
  /** The value if all of its variables are empty; patterns as they are written. */
  readonly visible: string;
  readonly pieces: readonly Piece[];
  /** It may become several words, or none. */
  readonly maySplit: boolean;
  readonly hasBraces: boolean;
  readonly hasGlob: boolean;
  /** Names of the variables in it. */
  readonly variables: readonly string[];
  /** What stands outside of quotes, for a look at its characters. */
  readonly unquoted: string;
  /** Something in it runs commands, or is not understood. */
  readonly obstacle: string | undefined;
}

const VARIABLE = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*|[0-9@*#?$!_-]))/;

/** Reads a word as a shell would. */
export function readWord(raw: string): Word {
  return new WordReader(raw).read();
}

/** Words that another program will add (`xargs`). */
export const unknownWords: Word = {
  raw: '…',
  value: undefined,
  prefix: '',
  visible: '',
  pieces: [{ kind: 'unknown' }],
  maySplit: true,
  hasBraces: false,
  hasGlob: false,
  variables: [],
  unquoted: '',
  obstacle: undefined,
};

/** `{a,b}` or `{1..3}` somewhere in the text. No single pattern: it would take cubic time. */
function mayExpandBraces(text: string): boolean {
  const open = text.indexOf('{');
  const inside = open === -1 ? undefined : /,|\.\./.exec(text.slice(open))?.index;
  return inside !== undefined && text.lastIndexOf('}') > open + inside;
}

class WordReader {
  readonly #raw: string;
  #position = 0;
  #value = '';
  #prefix: string | undefined;
  #unquoted = '';
  #maySplit = false;
  #hasGlob = false;
  #obstacle: string | undefined;
  readonly #variables: string[] = [];
  readonly #pieces: Piece[] = [];

  constructor(raw: string) {
    this.#raw = raw;
  }

  read(): Word {
    // A home directory; a program's path in zsh.
    if (/^[~=]/.test(this.#raw)) this.#prefix = '';
    while (this.#position < this.#raw.length) this.#readPiece();
    const hasBraces = mayExpandBraces(this.#unquoted);
    if (hasBraces) this.#prefix = '';
    const isKnown = this.#prefix === undefined;
    return {
      raw: this.#raw,
      value: isKnown ? this.#value : undefined,
      prefix: this.#prefix ?? this.#value,
      visible: this.#value,
      pieces: hasBraces ? withoutBraces(this.#readPieces()) : this.#readPieces(),
      maySplit: this.#maySplit || hasBraces,
      hasBraces,
      hasGlob: this.#hasGlob,
      variables: this.#variables,
      unquoted: this.#unquoted,
      obstacle: this.#obstacle,
    };
  }

  #readPieces(): Piece[] {
    if (/^~(\/|$)/.test(this.#raw)) {
      return [{ kind: 'home' }, ...dropCharacters(this.#pieces, 1)];
    }
    // Another home, or a program's path.
    return /^[~=]/.test(this.#raw) ? [{ kind: 'unknown' }] : this.#pieces;
  }

  #readPiece(): void {
    const character = this.#raw.charAt(this.#position);
    if (character === "'") this.#readSingleQuotes();
    else if (character === '"') this.#readDoubleQuotes();
    else if (character === '\\') this.#readEscape();
    else if (character === '$') this.#readDollar(false);
    else if (character === '`') this.#stop('command substitution');
    else {
      if (/[<>()]/.test(character)) this.#obstacle ??= 'process substitution';
      this.#unquoted += character;
      if (/[*?[]/.test(character)) this.#addPattern(character);
      else this.#add(character);
    }
  }

  #readSingleQuotes(): void {
    const end = this.#raw.indexOf("'", this.#position + 1);
    if (end === -1) {
      this.#stop('a quote that is not closed');
      return;
    }
    this.#take(this.#raw.slice(this.#position + 1, end));
    this.#position = end + 1;
  }

  #readDoubleQuotes(): void {
    this.#position += 1;
    while (this.#position < this.#raw.length) {
      const character = this.#raw.charAt(this.#position);
      if (character === '"') {
        this.#position += 1;
        return;
      }
      if (character === '$') this.#readDollar(true);
      else if (character === '`') this.#stop('command substitution');
      else if (character === '\\' && /[$`"\\\n]/.test(this.#raw.charAt(this.#position + 1))) {
        this.#readEscape();
      } else this.#add(character);
    }
    this.#obstacle ??= 'a quote that is not closed';
  }

  #readEscape(): void {
    const next = this.#raw.charAt(this.#position + 1);
    if (next !== '\n') this.#take(next);
    this.#position += 2;
  }

  #readDollar(isQuoted: boolean): void {
    const rest = this.#raw.slice(this.#position);
    const match = VARIABLE.exec(rest);
    const name = match?.[1] ?? match?.[2];
    if (match !== null && name !== undefined) {
      this.#becomesUnknown();
      this.#variables.push(name);
      if (!isQuoted) this.#maySplit = true;
      this.#position += match[0].length;
    } else if (rest.startsWith('$(')) this.#stop('command substitution');
    else if (/^\$([{[]|[=~^+]+[\w{])/.test(rest))
      this.#stop('an expansion that does more than name a variable');
    else if (/^\$['"]/.test(rest) && !isQuoted) this.#stop("$'…' quoting");
    else this.#add('$');
  }

  #add(character: string): void {
    this.#take(character);
    this.#position += 1;
  }

  #take(text: string): void {
    const last = this.#pieces.at(-1);
    this.#value += text;
    if (last?.kind === 'text') {
      this.#pieces[this.#pieces.length - 1] = { kind: 'text', text: last.text + text };
    } else if (text !== '') this.#pieces.push({ kind: 'text', text });
  }

  #addPattern(character: string): void {
    this.#prefix ??= this.#value;
    this.#hasGlob = true;
    this.#maySplit = true;
    this.#value += character;
    this.#position += 1;
    this.#pieces.push({ kind: 'pattern', text: character });
  }

  /** From here on only the run will tell. */
  #becomesUnknown(): void {
    this.#prefix ??= this.#value;
    this.#pieces.push({ kind: 'unknown' });
  }

  #stop(obstacle: string): void {
    this.#obstacle ??= obstacle;
    this.#becomesUnknown();
    this.#maySplit = true;
    this.#position = this.#raw.length;
  }
}
