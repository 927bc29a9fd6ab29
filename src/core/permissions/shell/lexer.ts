/** A word with its quotes, an operator, or the end of a line, by its place in the text. */
export interface Token {
  readonly kind: 'word' | 'operator' | 'newline';
  readonly start: number;
  readonly end: number;
}

/** The tokens of a command line, up to the first thing that this lexer does not do. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly obstacle: string | undefined;
}

// Longest first.
const OPERATORS = ['&>>', '<<<', ';;', '&&', '||', '|&', '>>', '>&', '<&', '<>', '>|', '&>'].concat(
  [';', '&', '|', '(', ')', '<', '>'],
);
const META = /[ \t\n;&|()<>]/;

/**
 * Splits a command line by the rules of POSIX ("Token Recognition"), without what always asks anyway: substitution,
 * here-documents, `$'…'`. A second opinion: where it and the grammar disagree, nothing is allowed.
 */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (/[ \t]/.test(character)) position += 1;
    else if (character === '\n') {
      tokens.push({ kind: 'newline', start: position, end: position + 1 });
      position += 1;
    } else if (text.startsWith('\\\n', position)) position += 2;
    else if (character === '#') position = endOfLine(text, position);
    else {
      const operator = OPERATORS.find((each) => text.startsWith(each, position));
      const end = operator === undefined ? endOfWord(text, position) : position + operator.length;
      if (typeof end === 'string') return { tokens, obstacle: end };
      if (text.startsWith('<<', position) && operator !== '<<<')
        return { tokens, obstacle: 'a here-document' };
      if (/^[<>]\($/.test(text.slice(end - 1, end + 1)) && operator !== undefined) {
        return { tokens, obstacle: 'process substitution' };
      }
      // `2>&-` closes a descriptor.
      const isClosing = operator?.endsWith('>&') || operator === '<&';
      const last =
        isClosing && /^-(?=[ \t\n;&|)]|$)/.test(text.slice(end, end + 2)) ? end + 1 : end;
      tokens.push({
        kind: operator === undefined ? 'word' : 'operator',
        start: position,
        end: last,
      });
      position = last;
    }
  }
  return { tokens, obstacle: undefined };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Where the word ends that begins at `from`, or what is in it that we don't do. */
function endOfWord(text: string, from: number): number | string {
  let position = from;
  while (position < text.length && !META.test(text.charAt(position))) {
    const character = text.charAt(position);
    let next: number | string = position + 1;
    if (character === '\\') next = position + 2;
    else if (character === "'") next = endOfSingleQuotes(text, position);
    else if (character === '"') next = endOfDoubleQuotes(text, position);
    else if (character === '$') next = endOfDollar(text, position, false);
    else if (character === '`') next = 'command substitution';
    if (typeof next === 'string') return next;
    position = next;
  }
  if (position > text.length) return 'a backslash at the end';
  return text.charAt(position) === '(' ? 'a bracket inside a word' : position;
}

function endOfSingleQuotes(text: string, from: number): number | string {
  const end = text.indexOf("'", from + 1);
  if (end === -1) return 'a quote that is not closed';
  // For the fish shell the quoted text goes on here.
  if (text.charAt(end - 1) === '\\') return 'a backslash before a closing quote';
  return end + 1;
}

function endOfDoubleQuotes(text: string, from: number): number | string {
  let position = from + 1;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '"') return position + 1;
    if (character === '`') return 'command substitution';
    if (character === '\\') position += 2;
    else if (character === '$') {
      const end = endOfDollar(text, position, true);
      if (typeof end === 'string') return end;
      position = end;
    } else position += 1;
  }
  return 'a quote that is not closed';
}

function endOfDollar(text: string, from: number, isQuoted: boolean): number | string {
  const next = text.charAt(from + 1);
  if (next === '(') return 'command substitution';
  if (next === '[') return 'arithmetic';
  if (next === '{') {
    const simple = /^\$\{\w+\}/.exec(text.slice(from, from + 100));
    return simple === null
      ? 'an expansion that does more than name a variable'
      : from + simple[0].length;
  }
  if (!isQuoted && (next === "'" || next === '"')) return "$'…' quoting";
  return from + 1;
}
