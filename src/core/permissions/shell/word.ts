/** One word of a command: what is known of it before the command runs. */
export interface Word {
  /** As it is written, quotes and all. */
  readonly raw: string;
  /** What the program will be given; undefined when that is only known at run time. */
  readonly value: string | undefined;
  /** The part of the value before the first thing that is only known at run time. */
  readonly prefix: string;
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

  constructor(raw: string) {
    this.#raw = raw;
  }

  read(): Word {
    // A home directory; a program's path in zsh.
    if (/^[~=]/.test(this.#raw)) this.#becomesUnknown();
    while (this.#position < this.#raw.length) this.#readPiece();
    const hasBraces = mayExpandBraces(this.#unquoted);
    if (hasBraces) this.#becomesUnknown();
    const isKnown = this.#prefix === undefined;
    return {
      raw: this.#raw,
      value: isKnown ? this.#value : undefined,
      prefix: hasBraces ? '' : (this.#prefix ?? this.#value),
      maySplit: this.#maySplit || hasBraces,
      hasBraces,
      hasGlob: this.#hasGlob,
      variables: this.#variables,
      unquoted: this.#unquoted,
      obstacle: this.#obstacle,
    };
  }

  #readPiece(): void {
    const character = this.#raw.charAt(this.#position);
    if (character === "'") this.#readSingleQuotes();
    else if (character === '"') this.#readDoubleQuotes();
    else if (character === '\\') this.#readEscape();
    else if (character === '$') this.#readDollar(false);
    else if (character === '`') this.#stop('command substitution');
    else {
      if (/[*?[]/.test(character)) {
        this.#becomesUnknown();
        this.#hasGlob = true;
        this.#maySplit = true;
      }
      if (/[<>()]/.test(character)) this.#obstacle ??= 'process substitution';
      this.#unquoted += character;
      this.#add(character);
    }
  }

  #readSingleQuotes(): void {
    const end = this.#raw.indexOf("'", this.#position + 1);
    if (end === -1) {
      this.#stop('a quote that is not closed');
      return;
    }
    this.#value += this.#raw.slice(this.#position + 1, end);
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
    if (next !== '\n') this.#value += next;
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
    else if (/^\$[{[]/.test(rest)) this.#stop('an expansion that does more than name a variable');
    else if (/^\$['"]/.test(rest) && !isQuoted) this.#stop("$'…' quoting");
    else this.#add('$');
  }

  #add(character: string): void {
    this.#value += character;
    this.#position += 1;
  }

  /** From here on only the run will tell. */
  #becomesUnknown(): void {
    this.#prefix ??= this.#value;
  }

  #stop(obstacle: string): void {
    this.#obstacle ??= obstacle;
    this.#becomesUnknown();
    this.#maySplit = true;
    this.#position = this.#raw.length;
  }
}
