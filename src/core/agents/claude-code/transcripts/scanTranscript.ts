import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { chunksOfFile, scanLines } from '../../../common/appendLog.ts';
import { HoldfastError } from '../../../common/errors.ts';
import { applyTranscriptLine, newTranscriptState, type TranscriptState } from './foldTranscript.ts';
import type { TranscriptFile } from './transcriptFiles.ts';
import { parseTranscriptLine } from './transcriptLine.ts';

/** As much of the beginning, and of what was read last, as tells whether it still stands there. */
const MARK_BYTES = 512;
/** Pictures and documents make lines that long; a list needs nothing of them but their times. */
const MAX_PARSED_BYTES = 4 * 1024 * 1024;
const EDGE_BYTES = 8 * 1024;
const GLANCE_BYTES = 64 * 1024;

/** How far a transcript has been read, and what was learned. */
export interface ScannedTranscript {
  readonly file: TranscriptFile;
  /** Behind the last whole line that was read. */
  readonly offset: number;
  /** Hash of some of the bytes before the offset. */
  readonly mark: string;
  readonly state: TranscriptState;
}

/**
 * Reads a transcript, or what was added to it since an earlier scan (whose state is changed). What was rewritten since
 * is read anew. A file that vanished meanwhile is empty.
 */
export function scanTranscript(
  file: TranscriptFile,
  earlier?: ScannedTranscript,
): ScannedTranscript {
  const start = earlier !== undefined && goesOn(file, earlier) ? earlier : undefined;
  const state = start?.state ?? newTranscriptState(file.id, file.slug);
  const fromOffset = start?.offset ?? 0;
  const { endOffset } = scan(file.path, fromOffset, state);
  return { file, offset: endOffset, mark: markOf(file.path, endOffset), state };
}

/** What the first and the last lines tell: quick, for a list that cannot wait. */
export function glanceAtTranscript(file: TranscriptFile): TranscriptState {
  const state = newTranscriptState(file.id, file.slug);
  const head = readPiece(file.path, 0, GLANCE_BYTES);
  const tailStart = Math.max(head.length, file.sizeBytes - GLANCE_BYTES);
  const tail = readPiece(file.path, tailStart, GLANCE_BYTES);
  const take = (line: Buffer): void => {
    const parsed = parseTranscriptLine(line);
    if (parsed !== undefined) applyTranscriptLine(state, parsed);
  };
  scanLines([head], 0, take);
  scanLines([tail], 0, take);
  return state;
}

function scan(path: string, fromOffset: number, state: TranscriptState): { endOffset: number } {
  try {
    return scanLines(chunksOfFile(path, fromOffset), fromOffset, (line) => {
      takeLine(state, line);
    });
  } catch (error) {
    // Deleted, or not ours to read: it is listed with what is known.
    if (HoldfastError.is(error, 'file.unreadable')) return { endOffset: fromOffset };
    throw error;
  }
}

function takeLine(state: TranscriptState, line: Buffer): void {
  if (line.length === 0) return;
  if (line.length > MAX_PARSED_BYTES) {
    takeLongLine(state, line);
    return;
  }
  const parsed = parseTranscriptLine(line);
  if (parsed === undefined) state.damagedLines += 1;
  else applyTranscriptLine(state, parsed);
}

function takeLongLine(state: TranscriptState, line: Buffer): void {
  const edges = `${line.toString('latin1', 0, EDGE_BYTES)} ${line.toString('latin1', line.length - EDGE_BYTES)}`;
  const [, type] = /"type":"(user|assistant)"/.exec(edges) ?? [];
  const times = [...edges.matchAll(/"timestamp":"([^"]+)"/g)];
  applyTranscriptLine(state, { type: 'long', timestamp: times.at(-1)?.[1] });
  if (type !== undefined && !edges.includes('"tool_use_id"')) state.messageCount += 1;
}

function goesOn(file: TranscriptFile, earlier: ScannedTranscript): boolean {
  return (
    file.inode === earlier.file.inode &&
    file.sizeBytes >= earlier.offset &&
    markOf(file.path, earlier.offset) === earlier.mark
  );
}

function markOf(path: string, offset: number): string {
  const length = Math.min(MARK_BYTES, offset);
  return createHash('sha1')
    .update(readPiece(path, 0, length))
    .update(readPiece(path, offset - length, length))
    .digest('base64');
}

function readPiece(path: string, position: number, length: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
  } finally {
    closeSync(descriptor);
  }
}
