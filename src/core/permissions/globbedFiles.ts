import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { mayBeName } from './pathShape.ts';
import { textOfPiece, type Piece } from './shell/pieces.ts';

/** Beyond this many files a person is asked rather than kept waiting. */
const MAX_ENTRIES = 10_000;
/** Of names of links, directories and hidden files. */
const MAX_COMPARISONS = 2000;
/** Comparing with more takes its time. */
const MAX_PIECES = 50;
const SPECIAL_NAME = /^\.|\.code-workspace$/i;

/**
 * What a pattern finds below a directory that its text does not tell: links, hidden files, and what is named behind a
 * pattern. Undefined when that is too much to look at.
 */
export function specialFilesOf(
  names: readonly (readonly Piece[])[],
  directory: string,
): readonly string[] | undefined {
  const found: string[] = [];
  if (names.some(({ length }) => length > MAX_PIECES)) return undefined;
  let entriesLeft = MAX_ENTRIES;
  let comparisonsLeft = MAX_COMPARISONS;
  const walk = (current: string, index: number, isBehindLink: boolean): void => {
    const name = names[index];
    if (name === undefined || entriesLeft < 0 || comparisonsLeft < 0) return;
    const isLast = index === names.length - 1;
    if (name.every(({ kind }) => kind === 'text')) {
      const next = path.join(current, name.map(textOfPiece).join(''));
      if (isLast) found.push(next);
      // It may be a link as well.
      else walk(next, index + 1, true);
      return;
    }
    for (const entry of entriesOf(current)) {
      entriesLeft -= 1;
      const isLink = entry.isSymbolicLink();
      const isSpecial = isLink || isBehindLink || SPECIAL_NAME.test(entry.name);
      const isMeant = isLast ? isSpecial : isLink || entry.isDirectory();
      if (!isMeant) continue;
      comparisonsLeft -= 1;
      if (entriesLeft < 0 || comparisonsLeft < 0) return;
      if (!mayBeName(entry.name, name)) continue;
      const whole = path.join(current, entry.name);
      if (isLast) found.push(whole);
      else walk(whole, index + 1, isSpecial);
    }
  };
  walk(directory, 0, false);
  return entriesLeft < 0 || comparisonsLeft < 0 ? undefined : found;
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Not there, or no directory: it finds nothing.
    return [];
  }
}
