import { createHash } from 'node:crypto';

/** Between these lines the text is ours; everything else in the file is its user's. */
const BEGIN = /<!-- holdfast:begin(?: ([0-9a-f]+))? -->/g;
const END = '<!-- holdfast:end -->';
const DIGEST_CHARACTERS = 16;

interface Block {
  readonly start: number;
  readonly end: number;
  readonly inner: string;
  /** Of what we wrote there; of a block from before there were any, undefined. */
  readonly digest: string | undefined;
}

/**
 * Puts generated text in place of what was generated before, or at the end; leaves every other byte as it is. What
 * somebody has written into the generated text is theirs from then on: the old text stays, behind the new one.
 */
export function replaceBlock(text: string, generated: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const inner = generated.replaceAll('<!-- holdfast:', '<!-- holdfast ').trim();
  const begin = `<!-- holdfast:begin ${digestOf(inner)} -->`;
  const block = `${begin}\n${inner}\n${END}`.replaceAll('\n', newline);
  const found = findBlock(text);
  if (found === undefined) {
    if (text.trim() === '') return block + newline;
    const gap = text.endsWith('\n') ? newline : newline + newline;
    return text + gap + block + newline;
  }
  const isEdited = found.digest !== undefined && found.digest !== digestOf(found.inner);
  const kept = isEdited ? `${newline}${newline}${found.inner.trim()}` : '';
  return text.slice(0, found.start) + block + kept + text.slice(found.end);
}

/** The begin nearest before an end: after half a block, what the user wrote must not count as ours. */
function findBlock(text: string): Block | undefined {
  const begins = [...text.matchAll(BEGIN)];
  for (let end = text.indexOf(END); end !== -1; end = text.indexOf(END, end + 1)) {
    const begin = begins.findLast(({ index }) => index < end);
    if (begin === undefined) continue;
    const [mark, digest] = begin;
    const inner = text.slice(begin.index + mark.length, end);
    return { start: begin.index, end: end + END.length, inner, digest };
  }
  return undefined;
}

/** The same after a formatter has been at the text: only what is read counts, not spaces and marks. */
function digestOf(inner: string): string {
  const words = inner.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return createHash('sha256').update(words).digest('hex').slice(0, DIGEST_CHARACTERS);
}
