import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { chunksOfFile } from '../../../common/appendLog.ts';
import { PRIVATE_FILE_MODE, storeError } from '../../../common/atomicFile.ts';
import { HoldfastError } from '../../../common/errors.ts';
import { unfinishedName } from './copyBytes.ts';
import { generationPath, packedPath, type Generation, type Mirror } from './mirror.ts';

/** Replaces a plain copy by a packed one, which is read back before the plain one goes. */
export async function packGeneration(mirror: Mirror, generation: Generation): Promise<void> {
  if (generation.isPacked) return;
  const temporary = unfinishedName(generation.path);
  try {
    const plain = createHash('sha256');
    let bytes = 0;
    writePieces(temporary, function* () {
      for (const chunk of chunksOfFile(generation.path, 0)) {
        plain.update(chunk);
        bytes += chunk.length;
        // A gzip member of its own each: damage to one leaves the others readable.
        yield gzipSync(chunk);
      }
    });
    const readBack = createHash('sha256');
    for await (const chunk of unpackedChunks(temporary)) readBack.update(chunk);
    if (plain.digest('hex') !== readBack.digest('hex')) {
      throw new HoldfastError('file.unreadable', `${temporary} is not what was written`, {
        data: { path: temporary },
      });
    }
    renameSync(temporary, packedPath(mirror, generation.number, bytes));
    // Another process may have added to it meanwhile: then it stays, and goes first.
    if (statSync(generation.path).size === bytes) rmSync(generation.path, { force: true });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Makes a packed copy plain again, to be added to or compared; gives the plain one.
 * @throws HoldfastError `file.unreadable`, `disk.full`, `home.notWritable`; the packed one stays then.
 */
export async function unpackGeneration(
  mirror: Mirror,
  generation: Generation,
): Promise<Generation> {
  if (!generation.isPacked) return generation;
  const plain = generationPath(mirror, generation.number);
  await unpackTo(generation.path, plain);
  rmSync(generation.path, { force: true });
  return { ...generation, path: plain, isPacked: false };
}

/** Writes the bytes of a copy, packed or not, to a file: whole or not at all. */
export async function unpackTo(packed: string, file: string): Promise<void> {
  const temporary = unfinishedName(file);
  try {
    const descriptor = openSync(temporary, 'wx', PRIVATE_FILE_MODE);
    try {
      for await (const chunk of unpackedChunks(packed)) writeAll(descriptor, chunk);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    if (HoldfastError.is(error)) throw error;
    throw storeError(`writing ${file}`, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The bytes of a copy, packed or not. @throws HoldfastError `file.unreadable`. */
export async function* unpackedChunks(file: string): AsyncGenerator<Buffer> {
  if (!file.endsWith('.gz') && !file.endsWith('.tmp')) {
    yield* chunksOfFile(file, 0);
    return;
  }
  try {
    const gunzip = createGunzip();
    // Hands errors of the file on to whoever reads; there is nothing else to do at the end.
    pipeline(createReadStream(file), gunzip, () => undefined);
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    throw new HoldfastError('file.unreadable', `reading ${file}: ${String(error)}`, {
      data: { path: file },
      cause: error,
    });
  }
}

function writePieces(file: string, pieces: () => Iterable<Uint8Array>): void {
  try {
    const descriptor = openSync(file, 'wx', PRIVATE_FILE_MODE);
    try {
      for (const piece of pieces()) writeAll(descriptor, piece);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storeError(`writing ${file}`, error);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
