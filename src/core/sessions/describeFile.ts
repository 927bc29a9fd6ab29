import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { systemErrorCode } from '../common/errors.ts';
import type { FileInContext } from './sessionState.ts';

/** Longer files are compared by time and size alone. */
const MAX_HASHED_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** What a `file` line says of a file, to tell later whether it has changed. */
export interface FileDescription {
  readonly mtimeMs: number;
  readonly sizeBytes: number;
  /** SHA-256 in hex. */
  readonly hash?: string;
}

/** Undefined when there is no such file, or none that we may read. */
export function describeFile(path: string): FileDescription | undefined {
  try {
    const { mtimeMs, size } = statSync(path);
    return size > MAX_HASHED_BYTES
      ? { mtimeMs, sizeBytes: size }
      : { mtimeMs, sizeBytes: size, hash: hashFile(path) };
  } catch {
    return undefined;
  }
}

export type FileChange = 'unchanged' | 'changed' | 'missing' | 'not permitted';

/** How a file stands to what the session last knew of it. Reads it only when time or size leave a doubt. */
export function compareFile(file: FileInContext): FileChange {
  try {
    const { mtimeMs, size } = statSync(file.path);
    if (file.mtimeMs === undefined) return mtimeMs > file.atMs ? 'changed' : 'unchanged';
    if (file.mtimeMs === mtimeMs && (file.sizeBytes ?? size) === size) return 'unchanged';
    if (file.hash === undefined || size > MAX_HASHED_BYTES) return 'changed';
    if (file.sizeBytes !== undefined && file.sizeBytes !== size) return 'changed';
    return hashFile(file.path) === file.hash ? 'unchanged' : 'changed';
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'EACCES' || code === 'EPERM' ? 'not permitted' : 'missing';
  }
}

function hashFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const count = readSync(descriptor, chunk);
      if (count === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}
