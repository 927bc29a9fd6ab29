import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { sessionName } from '../sessions/sessionWords.ts';

/** What a session is called everywhere in the editor. */
export function titleOf({ feed }: SessionWindow, id: string): string {
  feed.refresh();
  const listed = feed.get(id);
  return listed === undefined ? id : sessionName(listed, 60);
}
