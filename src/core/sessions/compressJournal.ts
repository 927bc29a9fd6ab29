import { readFileSync, rmSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { HoldfastError, unreadable } from '../common/errors.ts';
import { carryOver } from './carryOver.ts';
import { decompressFile } from './readJournal.ts';
import {
  keepBeside,
  publishOver,
  replacedName,
  temporaryName,
  writeDurableSync,
} from './replaceJournal.ts';
import type { SessionFiles } from './sessionFiles.ts';

/** Each is a gzip member of its own: damage to one leaves the others readable. */
const MEMBER_BYTES = 4 * 1024 * 1024;
/** It is read whole when it is needed. */
export const MAX_COMPRESSIBLE_BYTES = 256 * 1024 * 1024;

/**
 * Replaces a plain journal by a compressed one. At every moment at least one of them is there and whole: where both
 * are, the plain one counts.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `file.unreadable`; the plain one stays then.
 */
export function compressJournal(files: SessionFiles): void {
  const text = readPlain(files);
  const temporary = temporaryName(files.compressed);
  writeDurableSync(temporary, members(text));
  if (!decompressFile(temporary).bytes.equals(text)) {
    rmSync(temporary, { force: true });
    throw new HoldfastError('file.unreadable', `${temporary} is not what was written`, {
      data: { path: files.compressed },
    });
  }
  const aside = replacedName(files.plain);
  keepBeside(files.plain, aside);
  publishOver(temporary, files.compressed, files);
  rmSync(files.plain, { force: true });
  // Somebody may have written since we read: now nobody can any more, except into this name.
  if (statSync(aside).size > text.length) carryOver(files, aside, text.length);
  rmSync(aside, { force: true });
}

function readPlain(files: SessionFiles): Buffer {
  try {
    return readFileSync(files.plain);
  } catch (error) {
    throw unreadable(files.plain, error);
  }
}

function* members(text: Buffer): Generator<Buffer> {
  let start = 0;
  do {
    const newline = text.indexOf(0x0a, start + MEMBER_BYTES);
    const end = newline === -1 ? text.length : newline + 1;
    yield gzipSync(text.subarray(start, end));
    start = end;
  } while (start < text.length);
}
