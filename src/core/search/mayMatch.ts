import { scanLines } from '../common/appendLog.ts';
import { foldText } from './foldText.ts';
import type { Query, Term } from './query.ts';
import { chunksOf } from './readBlocks.ts';
import type { SourceFile } from './textSource.ts';

const BEYOND_ASCII = /[\u0080-\u00ff]/;
const ESCAPED = '\\u';

/**
 * Whether all terms may occur in a file of JSON lines, by a look at its bytes: several times as quick as reading it. It
 * errs on the side of yes.
 * @throws HoldfastError `file.unreadable`.
 */
export function mayMatch(file: SourceFile, { terms }: Query): boolean {
  const missing = new Set(terms);
  const look = (line: Buffer): void => {
    if (missing.size > 0) removeFound(missing, line);
  };
  look(scanLines(untilFound(file, missing), 0, look).rest);
  return missing.size === 0;
}

function* untilFound(file: SourceFile, missing: ReadonlySet<Term>): Generator<Buffer> {
  for (const chunk of chunksOf(file, 0)) {
    yield chunk;
    if (missing.size === 0) return;
  }
}

function removeFound(missing: Set<Term>, line: Buffer): void {
  const mayHave = termFilter(line);
  for (const term of missing) if (mayHave(term)) missing.delete(term);
}

/** Whether any of the terms may occur in a line of JSON; errs on the side of yes, too. */
export function mayHaveAny(line: Buffer, { terms }: Query): boolean {
  return terms.some(termFilter(line));
}

function termFilter(line: Buffer): (term: Term) => boolean {
  // One unit for each byte.
  let text = line.toString('latin1');
  if (BEYOND_ASCII.test(text)) text = foldText(line.toString('utf8'));
  // An escape may stand for anything.
  if (text.includes(ESCAPED)) return () => true;
  const lower = text.toLowerCase();
  return ({ words }) => words.every((word) => lower.includes(word));
}
