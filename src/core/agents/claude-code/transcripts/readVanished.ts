import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Damage } from './damage.ts';
import { unfinishedName } from './copyBytes.ts';
import { describeTool } from './describeTool.ts';
import { listGenerations } from './mirror.ts';
import { unpackTo } from './packMirror.ts';
import { promptOf } from './prompt.ts';
import {
  textOf,
  toolResultsOf,
  toolUsesOf,
  wordsOf,
  type TranscriptLine,
} from './transcriptLine.ts';
import { vanishedLines } from './vanished.ts';

const MAX_RESULT_CHARACTERS = 2000;

/** What a transcript has lost, for people and for programs. */
export interface VanishedLines {
  readonly text: string;
  readonly lines: readonly TranscriptLine[];
}

/** Reads what the copy of a damaged transcript has that the present one has not. @throws HoldfastError `file.unreadable`. */
export async function readVanished({ mirror, generation, kind }: Damage): Promise<VanishedLines> {
  const generations = listGenerations(mirror);
  const copy = generations.find(({ number }) => number === generation);
  const newest = generations.at(-1);
  if (copy === undefined) return { text: '', lines: [] };
  const scratch = path.join(mirror.directory, 'shown');
  const own = unfinishedName(scratch);
  const present = unfinishedName(scratch);
  const hasPresent = kind !== 'deleted' && newest !== undefined && newest.number !== generation;
  try {
    await unpackTo(copy.path, own);
    if (hasPresent) await unpackTo(newest.path, present);
    const lines = [...vanishedLines(own, hasPresent ? present : undefined)].map(({ line }) => line);
    return { lines, text: lines.flatMap(inWords).join('\n\n') };
  } finally {
    rmSync(own, { force: true });
    rmSync(present, { force: true });
  }
}

function inWords(line: TranscriptLine): string[] {
  const time = textOf(line, 'timestamp') ?? '';
  const prompt = promptOf(line);
  if (prompt !== undefined) return [`## You, ${time}\n\n${prompt}`];
  if (line['type'] === 'assistant') {
    const said = [wordsOf(line), ...toolUsesOf(line).map((use) => `→ ${describeTool(use)}`)];
    const text = said.filter((part) => part !== '').join('\n\n');
    return text === '' ? [] : [`## Claude, ${time}\n\n${text}`];
  }
  return toolResultsOf(line).flatMap(({ text }) =>
    text === '' ? [] : [`← ${text.slice(0, MAX_RESULT_CHARACTERS)}`],
  );
}
