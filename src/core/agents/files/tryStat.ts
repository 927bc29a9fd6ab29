import { statSync, type Stats } from 'node:fs';
import { systemErrorCode, unreadable } from '../../common/errors.ts';

/** Undefined where there is nothing, or below what is no directory. @throws HoldfastError `file.unreadable`. */
export function tryStat(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

export function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
