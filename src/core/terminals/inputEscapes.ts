import { HoldfastError } from '../common/errors.ts';

const NAMED = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['e', '\x1b'],
  ['b', '\b'],
  ['a', '\x07'],
  ['0', '\0'],
  ['\\', '\\'],
]);

/**
 * What is typed for a text with escapes: `\n` `\r` `\t` `\e` (Escape) `\b` `\a` `\0` `\\`, `\xNN` for one byte, `\uNNNN`
 * for a character. Anything else stands for itself.
 * @throws HoldfastError `input.invalid` for an escape that is none, lest something else is typed than was meant.
 */
export function interpretEscapes(text: string): Buffer {
  const parts: Buffer[] = [];
  const pattern = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.?))|[^\\]+/gsu;
  for (const match of text.matchAll(pattern)) {
    const [whole, byte, character, name] = match;
    if (byte !== undefined) parts.push(Buffer.from([parseInt(byte, 16)]));
    else if (character !== undefined) {
      parts.push(Buffer.from(String.fromCharCode(parseInt(character, 16)), 'utf8'));
    } else if (name !== undefined) parts.push(Buffer.from(named(name), 'utf8'));
    else parts.push(Buffer.from(whole, 'utf8'));
  }
  return Buffer.concat(parts);
}

function named(name: string): string {
  const character = NAMED.get(name);
  if (character !== undefined) return character;
  throw new HoldfastError(
    'input.invalid',
    `there is no escape \\${name}; a backslash itself is \\\\ (escapes: \\n \\r \\t \\e \\b \\a \\0 \\xNN \\uNNNN)`,
  );
}
