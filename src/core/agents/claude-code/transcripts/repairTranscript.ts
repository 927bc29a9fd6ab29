import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { PRIVATE_FILE_MODE, storeError } from '../../../common/atomicFile.ts';
import { unpackGeneration } from './packMirror.ts';
import type { GuardHost } from './guardHost.ts';
import { guardTranscript, noteEnd } from './guardTranscript.ts';
import { listGenerations, mirrorOf, type Mirror } from './mirror.ts';
import { draftOf, replaceTranscript, requireNotLive } from './replaceTranscript.ts';
import { splitLine } from './splitLine.ts';
import type { TranscriptFile } from './transcriptFiles.ts';
import { parseTranscriptLine, textOf, type TranscriptLine } from './transcriptLine.ts';
import { linesOf } from './vanished.ts';

/** A shorter piece may be the beginning of any line. */
const MIN_TELLING_CHARACTERS = 80;
const PARENTS = ['parentUuid', 'logicalParentUuid'] as const;

/** What is wrong with a transcript, and what a repair makes of it. */
export interface RepairPlan {
  readonly wholeLines: number;
  /** Lines that had been joined to others, or to a torn one. */
  readonly splitLines: number;
  /** Torn lines of which a guarded copy has the whole. */
  readonly completedLines: number;
  /** Torn lines that are lost. */
  readonly lostPieces: number;
  /** Messages whose predecessor is missing: they are tied to the message before them. */
  readonly relinked: number;
}

export interface Repaired extends RepairPlan {
  readonly id: string;
  readonly path: string;
  /** Where the damaged transcript lies now; undefined when there was nothing to repair. */
  readonly setAside: string | undefined;
}

/**
 * Writes a transcript that Claude Code can resume of one with torn or joined lines; the damaged one is set aside. One
 * that is sound stays as it is.
 * @throws HoldfastError `claude.sessionLive`, `disk.full`, `home.notWritable`, `file.unreadable`.
 */
export async function repairTranscript(host: GuardHost, file: TranscriptFile): Promise<Repaired> {
  requireNotLive(host, file.id);
  await guardTranscript(host, file);
  const mirror = mirrorOf(host.home, file);
  const { lines, plan } = await planRepair(mirror, file.path);
  const { id, path } = file;
  if (plan.splitLines + plan.lostPieces + plan.completedLines + plan.relinked === 0) {
    return { ...plan, id, path, setAside: undefined };
  }
  const draft = draftOf(file.path);
  writeLines(draft, lines);
  const latest = listGenerations(mirror).at(-1);
  if (latest !== undefined) {
    noteEnd(host, mirror, await unpackGeneration(mirror, latest), { kind: 'repaired' });
  }
  const setAside = replaceTranscript(draft, path, host.clock.now());
  await guardTranscript(host, path);
  host.log.info('transcript.repaired', { id, ...plan });
  return { ...plan, id, path, setAside };
}

async function planRepair(
  mirror: Mirror,
  transcript: string,
): Promise<{ lines: string[]; plan: RepairPlan }> {
  const found: { text: string; line: TranscriptLine }[] = [];
  const torn: { piece: string; at: number }[] = [];
  let splitLines = 0;
  for (const bytes of linesOf(transcript)) {
    const line = parseTranscriptLine(bytes);
    if (line !== undefined) found.push({ text: bytes.toString(), line });
    if (line !== undefined || bytes.length === 0) continue;
    const split = splitLine(bytes);
    for (const piece of split.torn) torn.push({ piece, at: found.length });
    found.push(...split.whole);
    splitLines += split.whole.length;
  }
  const wholeLines = found.length - splitLines;
  const completions = await completeFromCopies(
    mirror,
    torn,
    new Set(found.map(({ text }) => text)),
  );
  // From behind, so that the places of the others stay.
  for (const { at, text, line } of completions.toReversed()) found.splice(at, 0, { text, line });
  const { lines, relinked } = relink(found);
  const completedLines = completions.length;
  const lostPieces = torn.length - completedLines;
  return { lines, plan: { wholeLines, splitLines, completedLines, lostPieces, relinked } };
}

/** Lines of earlier copies that begin with a torn piece, and that are not there already. */
async function completeFromCopies(
  mirror: Mirror,
  torn: readonly { piece: string; at: number }[],
  present: ReadonlySet<string>,
): Promise<{ at: number; text: string; line: TranscriptLine }[]> {
  if (torn.length === 0) return [];
  const whole = new Map<number, { at: number; text: string; line: TranscriptLine }>();
  for (const copy of listGenerations(mirror)) {
    const plain = await unpackGeneration(mirror, copy);
    for (const bytes of linesOf(plain.path)) {
      const text = bytes.toString();
      const index = torn.findIndex(
        ({ piece }) => piece.length >= MIN_TELLING_CHARACTERS && text.startsWith(piece),
      );
      const line = index === -1 || present.has(text) ? undefined : parseTranscriptLine(text);
      if (line !== undefined) whole.set(index, { at: torn[index]?.at ?? 0, text, line });
    }
  }
  return [...whole.entries()].sort(([a], [b]) => a - b).map(([, line]) => line);
}

/**
 * Claude Code follows each message to the one before it, and begins anew where that is missing: what is older would not
 * be sent. Such a message is tied to the one that stands before it in the file.
 */
function relink(found: readonly { text: string; line: TranscriptLine }[]): {
  lines: string[];
  relinked: number;
} {
  const known = new Set(found.flatMap(({ line }) => textOf(line, 'uuid') ?? []));
  let previous: string | undefined;
  let relinked = 0;
  const lines = found.map(({ text, line }) => {
    const missing = PARENTS.filter((name) => {
      const parent = textOf(line, name);
      return parent !== undefined && !known.has(parent);
    });
    const uuid = textOf(line, 'uuid');
    const before = previous;
    if (uuid !== undefined && line['isSidechain'] !== true) previous = uuid;
    if (missing.length === 0 || uuid === undefined || line['isSidechain'] === true) return text;
    relinked += 1;
    return JSON.stringify({
      ...line,
      ...Object.fromEntries(missing.map((name) => [name, before ?? null])),
    });
  });
  return { lines, relinked };
}

function writeLines(file: string, lines: readonly string[]): void {
  try {
    const descriptor = openSync(file, 'wx', PRIVATE_FILE_MODE);
    try {
      for (const line of lines) {
        const bytes = Buffer.from(`${line}\n`);
        for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storeError(`writing ${file}`, error);
  }
}
