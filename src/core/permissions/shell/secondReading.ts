import { tokenize, type Token } from './lexer.ts';
import { readWord, type Word } from './word.ts';

/** What the grammar takes a piece of the text for; `command` counts the commands of the line. */
export type Role = 'keyword' | 'redirection' | 'loose' | { readonly command: number };

const REDIRECTS = /[<>]/;

/** The pieces of a text that the grammar has seen, by their places. */
export class Reading {
  readonly #roles = new Map<string, Role>();

  note(start: number, end: number, role: Role): void {
    this.#roles.set(keyOf({ start, end }), role);
  }

  /**
   * The grammar reads some texts otherwise than a shell does: comments, continued words, a new line behind a pipeline.
   * Reads the text a second time, by simpler rules: who agrees with a second reader is right. Gives why it has to be
   * asked about if they do not agree.
   */
  whyDoubtful(text: string): string | undefined {
    const { tokens: all, obstacle } = tokenize(text);
    if (obstacle !== undefined) return `it contains ${obstacle}`;
    const tokens = all.filter(({ kind }) => kind !== 'newline');
    const isSame =
      tokens.length === this.#roles.size && tokens.every((token) => this.#roles.has(keyOf(token)));
    return isSame && this.#hasSameCommands(text, all)
      ? undefined
      : 'it can be read in more than one way';
  }

  /** Between two separators stands one command at most, with nothing but keywords before its name. */
  #hasSameCommands(text: string, tokens: readonly Token[]): boolean {
    let current: number | undefined;
    let isTaken = false;
    let hasLoose = false;
    const finished = new Set<number>();
    for (const token of tokens) {
      if (isSeparator(token, text)) {
        if (current !== undefined) finished.add(current);
        current = undefined;
        isTaken = false;
        hasLoose = false;
        continue;
      }
      const role = this.#roles.get(keyOf(token));
      if (role === undefined) return false;
      if (role === 'redirection') continue;
      if (role === 'keyword' && isTaken) return false;
      if (role === 'loose') hasLoose = true;
      if (typeof role === 'object') {
        if (finished.has(role.command) || (isTaken && current !== role.command)) return false;
        current = role.command;
        isTaken = true;
      }
      if (isTaken && hasLoose) return false;
    }
    return true;
  }
}

/** The words between two separators, for each of them, as this reader sees them. */
export function wordsBySeparators(text: string): readonly (readonly Word[])[] {
  const groups: Word[][] = [[]];
  for (const token of tokenize(text).tokens) {
    const raw = text.slice(token.start, token.end);
    if (isSeparator(token, text)) groups.push([]);
    else if (token.kind === 'word') groups.at(-1)?.push(readWord(raw));
  }
  return groups.filter(({ length }) => length > 0);
}

function isSeparator({ kind, start, end }: Token, text: string): boolean {
  return kind === 'newline' || (kind === 'operator' && !REDIRECTS.test(text.slice(start, end)));
}

function keyOf({ start, end }: { start: number; end: number }): string {
  return `${start} ${end}`;
}
