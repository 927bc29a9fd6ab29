import type { ChatHandler } from './chatRequest.ts';
import * as sessions from './sessionReplies.ts';
import * as tasks from './taskReplies.ts';
import { showFiles, showNotes } from './contextReplies.ts';
import { showPermissions } from './permissionReplies.ts';

/** What `@holdfast /…` does; the names are those of package.json. */
export const slashCommands: Readonly<Record<string, ChatHandler>> = {
  new: sessions.beginSession,
  continue: sessions.continueSession,
  resume: sessions.resumeSession,
  branch: sessions.branchSession,
  sessions: sessions.listSessions,
  bashes: tasks.listBashes,
  output: tasks.showOutput,
  kill: tasks.killBashes,
  files: showFiles,
  permissions: showPermissions,
  notes: showNotes,
};
