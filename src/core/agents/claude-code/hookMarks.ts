import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  PRIVATE_DIRECTORY_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../common/atomicFile.ts';

/**
 * What the user wants of our hooks: `wake`, to be told of ends while Claude is idle; `no-mirror`, no copies of
 * transcripts. Empty files in the home, which a shell script finds without a start of Node.
 */
export type HookMark = 'wake' | 'no-mirror';

export function hasMark(home: string, mark: HookMark): boolean {
  return existsSync(markFile(home, mark));
}

/** @throws HoldfastError `home.notWritable`, `disk.full`. */
export function setMark(home: string, mark: HookMark, isOn: boolean): void {
  const file = markFile(home, mark);
  if (isOn === existsSync(file)) return;
  if (!isOn) {
    rmSync(file, { force: true });
    return;
  }
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${path.dirname(file)}`, error);
  }
  writeFileAtomicSync(file, '');
}

function markFile(home: string, mark: HookMark): string {
  return path.join(home, 'claude-code', mark);
}
