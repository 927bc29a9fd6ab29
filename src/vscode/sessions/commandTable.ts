import { openFiles, openNotes } from '../chat/contextReplies.ts';
import * as edit from './editCommands.ts';
import type { SessionHandler } from './handlers.ts';
import { openFile } from './openFileCommand.ts';
import { addPermission, revokePermission } from './permissionCommands.ts';
import { prune, remove, repair } from './removeCommands.ts';
import { toggleAllWorkspaces } from './resumePicker.ts';
import type { SessionCommand } from './sessionCommands.ts';
import * as start from './startCommands.ts';
import { exportTo, importFrom, show } from './transferCommands.ts';

/** What each command does; loaded when one of them is called for the first time. */
export const commandTable: Readonly<Record<SessionCommand, SessionHandler>> = {
  'holdfast.sessions.new': start.newSession,
  'holdfast.sessions.newWithId': start.newSessionWithId,
  'holdfast.sessions.continue': start.continueLast,
  'holdfast.sessions.resume': start.resume,
  'holdfast.sessions.resumeById': start.resumeById,
  'holdfast.sessions.branch': start.branch,
  'holdfast.sessions.search': start.search,
  'holdfast.sessions.rename': edit.rename,
  'holdfast.sessions.pin': edit.pin,
  'holdfast.sessions.unpin': edit.unpin,
  'holdfast.sessions.copyId': edit.copyId,
  'holdfast.sessions.addNote': edit.addNote,
  'holdfast.sessions.showNotes': openNotes,
  'holdfast.sessions.showFiles': openFiles,
  'holdfast.sessions.createNotes': edit.writeNotes,
  'holdfast.sessions.updateNotes': edit.writeNotes,
  'holdfast.sessions.export': exportTo,
  'holdfast.sessions.import': importFrom,
  'holdfast.sessions.show': show,
  'holdfast.sessions.delete': remove,
  'holdfast.sessions.prune': prune,
  'holdfast.sessions.repair': repair,
  'holdfast.sessions.openFile': openFile,
  'holdfast.sessions.toggleAllWorkspaces': () => {
    toggleAllWorkspaces();
  },
  'holdfast.permissions.add': addPermission,
  'holdfast.permissions.revoke': revokePermission,
};
