import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  PRIVATE_DIRECTORY_MODE,
  PRIVATE_FILE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../../common/atomicFile.ts';
import { summaryOf, type TranscriptState } from './foldTranscript.ts';
import type { ScannedTranscript } from './scanTranscript.ts';
import type { TranscriptFile } from './transcriptFiles.ts';
import { asObject } from './transcriptLine.ts';
import type { TranscriptSummary } from './transcriptSummary.ts';

/** Counts up when what is cached changes: the file of an earlier version is left alone. */
const FORMAT = 1;
const NEWLINE = 0x0a;
const TAB = 0x09;

/** A line of the cache: what a list shows, a tab, and what a scan goes on from, which is parsed only then. */
interface Entry {
  readonly file: TranscriptFile;
  readonly offset: number;
  readonly mark: string;
  readonly summary: TranscriptSummary;
}

interface Row {
  readonly entry: Entry;
  readonly state: Buffer;
}

/** Where the cache is. */
export function summaryCachePath(home: string): string {
  return path.join(home, 'claude', `transcripts-${FORMAT}.cache`);
}

/**
 * What was learned from all transcripts of this user, for lists that need not read them. Only ever added to, a later
 * line goes first, and rewritten when most of it is superseded: processes that do so at once lose work, nothing else.
 */
export class SummaryCache {
  readonly #path: string;
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Map<string, Row>();
  #lineCount = 0;

  constructor(home: string) {
    this.#path = summaryCachePath(home);
    this.#load();
  }

  summaryFor(transcript: string): Pick<Entry, 'file' | 'summary'> | undefined {
    return this.#rows.get(transcript)?.entry;
  }

  scanOf(transcript: string): ScannedTranscript | undefined {
    const row = this.#rows.get(transcript);
    if (row === undefined) return undefined;
    const state = tryParse(row.state) as TranscriptState | undefined;
    const { file, offset, mark } = row.entry;
    return state === undefined ? undefined : { file, offset, mark, state };
  }

  put(scan: ScannedTranscript): void {
    const { file, offset, mark, state } = scan;
    const entry = { file, offset, mark, summary: summaryOf(state) };
    const row = { entry, state: Buffer.from(JSON.stringify(state)) };
    this.#rows.set(file.path, row);
    this.#changed.set(file.path, row);
  }

  /**
   * Writes what has changed. `exists` tells which transcripts are still worth a line.
   * @throws HoldfastError `disk.full`, `home.notWritable`.
   */
  save(exists: (transcript: string) => boolean): void {
    if (this.#changed.size === 0) return;
    mkdirSync(path.dirname(this.#path), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    if (this.#lineCount + this.#changed.size > 2 * this.#rows.size + 16) {
      const rows = [...this.#rows].filter(([transcript]) => exists(transcript));
      writeFileAtomicSync(this.#path, rows.map(([, row]) => lineOf(row)).join(''), {
        isDurable: false,
      });
      this.#lineCount = rows.length;
    } else {
      const lines = [...this.#changed.values()].map(lineOf).join('');
      append(this.#path, lines);
      this.#lineCount += this.#changed.size;
    }
    this.#changed.clear();
  }

  #load(): void {
    const bytes = readIfThere(this.#path);
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline === -1 ? bytes.length : newline;
      const tab = bytes.indexOf(TAB, start);
      const entry = tab > start && tab < end ? tryParse(bytes.subarray(start, tab)) : undefined;
      if (isEntry(entry)) {
        this.#rows.set(entry.file.path, { entry, state: bytes.subarray(tab + 1, end) });
      }
      this.#lineCount += 1;
      start = end + 1;
    }
  }
}

function lineOf({ entry, state }: Row): string {
  return `${JSON.stringify(entry)}\t${state.toString()}\n`;
}

/** A line that a crash cut off takes the next one with it; both are read anew then. */
function append(file: string, lines: string): void {
  try {
    appendFileSync(file, lines, { mode: PRIVATE_FILE_MODE });
  } catch (error) {
    throw storeError(`writing ${file}`, error);
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

function tryParse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** The file is ours, and its name has the format: only damage is looked for. */
function isEntry(value: unknown): value is Entry {
  const entry = asObject(value);
  return (
    typeof entry?.['offset'] === 'number' &&
    typeof asObject(entry['file'])?.['path'] === 'string' &&
    asObject(entry['summary']) !== undefined
  );
}
