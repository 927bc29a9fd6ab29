import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import * as v from 'valibot';
import { HoldfastError, systemErrorCode } from './errors.ts';

/** What reading a record gave: the record, nothing there, or text that is not (or not yet) such a record. */
export type ReadResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly text: string };

// Most records are small; one buffer serves them all. Synchronous reads of small files are several times quicker than
// asynchronous ones, and a thousand of them must fit into a frame or two.
const buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads a text file, best a small one (below 64 KiB), or gives undefined when there is none.
 * @throws HoldfastError `file.unreadable`.
 */
export function readSmallFileSync(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new HoldfastError('file.unreadable', `reading ${path}: ${String(error)}`, {
      data: { path },
      cause: error,
    });
  }
  try {
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    // A command may be a script of a hundred kilobytes. The read above has not moved the file's position.
    if (length === buffer.length) return readFileSync(descriptor, 'utf8');
    return buffer.toString('utf8', 0, length);
  } catch (error) {
    throw new HoldfastError('file.unreadable', `reading ${path}: ${String(error)}`, {
      data: { path },
      cause: error,
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Reads one JSON record and checks it against its schema; unknown fields are kept when the schema is loose. */
export function readJsonSync<S extends v.GenericSchema>(
  path: string,
  schema: S,
): ReadResult<v.InferOutput<S>> {
  const text = readSmallFileSync(path);
  if (text === undefined) return { kind: 'missing' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: 'damaged', text };
  }
  const result = v.safeParse(schema, parsed);
  return result.success ? { kind: 'ok', value: result.output } : { kind: 'damaged', text };
}
