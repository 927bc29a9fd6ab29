import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { chunksOfFile, scanLines } from '../common/appendLog.ts';
import { storeError } from '../common/atomicFile.ts';
import { decompressJournal } from './decompressJournal.ts';
import { parseJournalLine } from './parseJournalLine.ts';
import { requireJournal, scanJournal } from './readJournal.ts';
import { seeLine, type SeenLines } from './seenLines.ts';
import type { SessionFiles } from './sessionFiles.ts';

/**
 * Appends to a journal what was written into its predecessor after that had been read: the lines behind `fromOffset`
 * that the journal does not have. Gives how many.
 * @throws HoldfastError `session.notFound`, `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function carryOver(files: SessionFiles, predecessor: string, fromOffset = 0): number {
  const seen = linesOf(files);
  const missing: string[] = [];
  const take = (bytes: Buffer): void => {
    const { lines, texts } = parseJournalLine(bytes);
    for (const [index, line] of lines.entries()) {
      const isNumbered = line.w !== undefined;
      if (isNumbered && seeLine(seen, line).isNew) missing.push(texts[index] ?? '');
    }
  };
  take(scanLines(chunksOfFile(predecessor, fromOffset), fromOffset, take).rest);
  if (missing.length === 0) return 0;
  if (requireJournal(files).isCompressed) decompressJournal(files);
  appendTexts(files.plain, missing);
  return missing.length;
}

function linesOf(files: SessionFiles): SeenLines {
  const seen: SeenLines = new Map();
  const take = (bytes: Buffer): void => {
    for (const line of parseJournalLine(bytes).lines) seeLine(seen, line);
  };
  take(scanJournal(requireJournal(files), 0, take).rest);
  return seen;
}

function appendTexts(file: string, texts: readonly string[]): void {
  try {
    const descriptor = openSync(file, 'a');
    try {
      // A blank line harms nobody; a line that somebody left without its end must not take ours with it.
      writeSync(descriptor, `\n${texts.join('\n')}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storeError(`carrying lines over to ${file}`, error);
  }
}
