import { HoldfastError } from '../../core/common/errors.ts';
import type { Approval } from '../../core/permissions/approval.ts';
import { readApprovals } from '../../core/permissions/approvalFile.ts';
import {
  permissionKey,
  type FileInContext,
  type SessionState,
} from '../../core/sessions/sessionState.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import type { SectionName, SessionNode } from './sessionNodes.ts';

/** Undefined for a session that cannot be read now. */
export function stateOf({ store, window }: SessionWindow, id: string): SessionState | undefined {
  try {
    return store.fold(id).state;
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
    window.log.debug('session.notRead', { id, error });
    return undefined;
  }
}

/** The parts of a session that have something to show. */
export function sectionsOf(sessions: SessionWindow, session: string): SessionNode[] {
  const state = stateOf(sessions, session);
  if (state === undefined) return [hint(`${session}/unread`, 'Its journal cannot be read')];
  const names: SectionName[] = ['tasks', 'files', 'permissions', 'notes', 'branches'];
  const parts = names.filter((name) => rowsOf(sessions, session, name).length > 0);
  if (parts.length === 0) {
    return [hint(`${session}/empty`, 'Tasks, saved files, notes and permissions show here')];
  }
  return parts.map((section) => ({
    kind: 'section',
    key: `${session}/${section}`,
    session,
    section,
  }));
}

/** The rows of one part of a session. */
export function rowsOf(
  sessions: SessionWindow,
  session: string,
  section: SectionName,
): SessionNode[] {
  const state = stateOf(sessions, session);
  if (state === undefined) return [];
  switch (section) {
    case 'tasks':
      return taskIdsOf(sessions, state).map((task) => {
        return { kind: 'task', key: `${session}/${task}`, session, task };
      });
    case 'files':
      return filesOf(state).map((file) => {
        return { kind: 'file', key: `${session}/file ${file.path}`, session, file };
      });
    case 'permissions':
      return permissionsOf(sessions, state).map((permission) => {
        const key = `${session}/${permission.scope} ${permissionKey(permission)}`;
        return { kind: 'permission', key, session, permission };
      });
    case 'notes':
      return [...state.notes].reverse().map((text, index) => {
        return {
          kind: 'note',
          key: `${session}/note ${state.notes.length - index}`,
          session,
          text,
        };
      });
    case 'branches':
      return branchesOf(sessions, state).map((id) => {
        const how = id === state.parent ? 'parent' : 'branch';
        return { kind: 'session', key: `${session}/${how} ${id}`, session: id };
      });
  }
}

/** Newest first: those in its journal, and those that name it as theirs. */
function taskIdsOf({ window }: SessionWindow, state: SessionState): string[] {
  const ids = new Set(state.tasks.keys());
  for (const { id, session } of window.feed.tasks) if (session === state.id) ids.add(id);
  const numberOf = (id: string): number => Number(/\d+$/.exec(id)?.[0] ?? 0);
  return [...ids].sort((a, b) => numberOf(b) - numberOf(a));
}

/** Touched last, shown first. */
function filesOf(state: SessionState): FileInContext[] {
  return [...state.files.values()].sort((a, b) => b.atMs - a.atMs);
}

/** The session's own, and those of the workspace, which hold in each session. */
function permissionsOf({ window, current }: SessionWindow, state: SessionState): Approval[] {
  const own = [...state.permissions.values()];
  if (state.id !== current.id) return own;
  try {
    return [...own, ...readApprovals(window.host.workspace).approvals];
  } catch (error) {
    window.log.warn('permissions.unreadable', { error });
    return own;
  }
}

/** Its branches, and where it came from. Those that were deleted are left out. */
function branchesOf({ feed }: SessionWindow, state: SessionState): string[] {
  const related = [...(state.parent === undefined ? [] : [state.parent]), ...state.children];
  return related.filter((id) => feed.get(id) !== undefined);
}

function hint(key: string, text: string): SessionNode {
  return { kind: 'hint', key, text };
}
