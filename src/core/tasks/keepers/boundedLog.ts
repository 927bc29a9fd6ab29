import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { PRIVATE_FILE_MODE, writeFileAtomicSync } from '../../common/atomicFile.ts';
import type { TaskDirectory } from '../taskDirectory.ts';

const COPY_BYTES = 1024 * 1024;
/** What is left after dropping. Old and new file together then stay below twice the limit. */
const KEEP_SHARE = 0.75;

/**
 * A task's log held to its limit by the process that writes it, for where no hole can be punched under another writer.
 * The end is copied to the same offsets of a new file, whose front is then a hole, and the new file takes the place of
 * the old; readers open the log anew each time and see one or the other.
 */
export class BoundedLog {
  readonly #files: TaskDirectory;
  readonly #limitBytes: number;
  #descriptor: number;
  #endOffset: number;
  #firstKept: number;

  /** How many bytes could not be written, because the disk was full. */
  lostBytes = 0;

  constructor(files: TaskDirectory, limitBytes: number, firstKept: number) {
    this.#files = files;
    this.#limitBytes = limitBytes;
    this.#firstKept = firstKept;
    this.#descriptor = openSync(files.output, 'a', PRIVATE_FILE_MODE);
    this.#endOffset = fstatSync(this.#descriptor).size;
  }

  /** Never throws: what the disk has no room for is lost and counted, and what comes later is written again. */
  append(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length;) {
        const count = writeSync(this.#descriptor, bytes, done);
        done += count;
        this.#endOffset += count;
      }
    } catch {
      this.lostBytes += bytes.length;
    }
    if (this.#endOffset - this.#firstKept > this.#limitBytes) this.#drop();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #drop(): void {
    const firstKept = Math.floor(this.#endOffset - this.#limitBytes * KEEP_SHARE);
    const replacement = `${this.#files.output}.tmp`;
    try {
      rmSync(replacement, { force: true });
      copyRange(this.#files.output, replacement, firstKept, this.#endOffset);
      const descriptor = openSync(replacement, 'a', PRIVATE_FILE_MODE);
      // Recorded before it happens: see readOutput.
      writeFileAtomicSync(this.#files.dropped, `${firstKept}\n`, { isDurable: false });
      renameSync(replacement, this.#files.output);
      closeSync(this.#descriptor);
      this.#descriptor = descriptor;
      this.#firstKept = firstKept;
    } catch {
      // No room for the copy, or the directory is gone: go on with the old file, and try at the next write.
      rmSync(replacement, { force: true });
    }
  }
}

function copyRange(from: string, to: string, start: number, end: number): void {
  const source = openSync(from, 'r');
  const target = openSync(to, 'wx', PRIVATE_FILE_MODE);
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (let position = start; position < end;) {
      const count = readSync(source, buffer, 0, Math.min(COPY_BYTES, end - position), position);
      if (count === 0) break;
      for (let done = 0; done < count;) {
        done += writeSync(target, buffer, done, count - done, position + done);
      }
      position += count;
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
