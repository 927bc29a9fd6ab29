import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createFileSync, PRIVATE_DIRECTORY_MODE } from '../common/atomicFile.ts';
import type { TaskSnapshot } from './types.ts';

/** What a person is told about a task once, however many windows show it: in one attempt, or ever (`idle-never`). */
export type Notice = 'ended' | 'idle' | 'idle-never';

/** Claims the telling of a notice: true for one caller only. A directory that cannot be written silences all. */
export function claimNotice(task: TaskSnapshot, notice: Notice): boolean {
  const file = noticeFile(task, notice);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    return createFileSync(file, '');
  } catch {
    return false;
  }
}

export function isNoticeClaimed(task: TaskSnapshot, notice: Notice): boolean {
  return existsSync(noticeFile(task, notice));
}

function noticeFile(task: TaskSnapshot, notice: Notice): string {
  const name = notice === 'idle-never' ? notice : `${notice}-${task.attempt}`;
  return path.join(task.directory, 'notices', name);
}
