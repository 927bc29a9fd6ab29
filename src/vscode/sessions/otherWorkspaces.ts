import { existsSync } from 'node:fs';
import path from 'node:path';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import { listWorkspaces, type Workspace } from '../../core/store/workspace.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** For all other workspaces together; what is not read by then shows without its title. */
const BUDGET_MS = 400;
/** Who looks for more of one searches, or opens its folder. */
const MAX_EACH = 100;

export interface WorkspaceSessions {
  readonly workspace: Workspace;
  readonly sessions: readonly SessionSummary[];
}

/** The sessions of all other workspaces of the home whose folder is still there, the latest active first. */
export async function sessionsElsewhere({ window }: SessionWindow): Promise<WorkspaceSessions[]> {
  const { host } = window;
  const deadlineMs = performance.now() + BUDGET_MS;
  const found: WorkspaceSessions[] = [];
  for (const workspace of listWorkspaces(host.workspace.home)) {
    if (workspace.directory === host.workspace.directory) continue;
    if (!existsSync(path.join(workspace.directory, 'sessions'))) continue;
    // The window goes on drawing between two workspaces.
    await new Promise((resolve) => setImmediate(resolve));
    const budgetMs = Math.max(0, deadlineMs - performance.now());
    const sessions = tryList(new SessionStore({ ...host, workspace }), budgetMs);
    if (sessions.length > 0) found.push({ workspace, sessions: sessions.slice(0, MAX_EACH) });
  }
  const latest = ({ sessions }: WorkspaceSessions): number => sessions[0]?.lastActiveMs ?? 0;
  return found.sort((a, b) => latest(b) - latest(a));
}

function tryList(store: SessionStore, budgetMs: number): SessionSummary[] {
  try {
    return store.list({ budgetMs }).sessions;
  } catch (error) {
    store.host.log.debug('sessions.notListed', { error });
    return [];
  }
}
