import { Journal } from './journal.ts';
import { requireJournal } from './readJournal.ts';
import { sessionFilesOf } from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';

const MAX_TITLE_CHARACTERS = 200;

/** Gives a session a title, on one line. @throws HoldfastError `session.notFound`, `disk.full`, `home.notWritable`. */
export function renameSession(host: SessionHost, id: string, title: string): string {
  const line = title.replaceAll(/\s+/g, ' ').trim();
  const short = Array.from(line).slice(0, MAX_TITLE_CHARACTERS).join('');
  requireJournal(sessionFilesOf(host.workspace, id));
  new Journal(host, id).append({ type: 'title', title: short, by: 'user' });
  return short;
}

/** A pinned session is never pruned. @throws HoldfastError as {@link renameSession}. */
export function pinSession(host: SessionHost, id: string, isPinned: boolean): void {
  requireJournal(sessionFilesOf(host.workspace, id));
  new Journal(host, id).append({ type: 'pin', isPinned });
}
