import type { ApprovalPlace } from '../../core/permissions/approvals.ts';
import { readCountingApprovals, type CountingApprovals } from '../../core/permissions/approvals.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { listSessionIds } from '../../core/sessions/sessionFiles.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { openHost, type CommonOptions } from '../context.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { tell } from '../stdio.ts';

export interface PermissionOptions extends CommonOptions {
  readonly session?: string;
}

/** The workspace that is meant, and the session whose approvals count besides. */
export interface PermissionScope {
  readonly host: TaskHost;
  /** The one that was named; else that of this terminal, if the workspace has it. */
  readonly session: string | undefined;
  /** Where a new approval goes: to the session only if it was named. */
  readonly place: ApprovalPlace;
}

/** @throws HoldfastError `session.notFound`, `home.unsafe`, `workspace.none`. */
export function openScope(options: PermissionOptions): PermissionScope {
  const host = openHost(options);
  const { workspace } = host;
  if (options.session === undefined) {
    const current = host.environment['HOLDFAST_SESSION'];
    const session = listSessionIds(workspace).find((id) => id === current);
    return { host, session, place: { workspace } };
  }
  const session = new SessionStore(host).resolveId(options.session);
  return { host, session, place: { workspace, journal: new Journal(host, session) } };
}

/** What counts in the scope. Tells what could not be read: it may have been a denial. */
export function readScope({ host, session }: PermissionScope): CountingApprovals {
  const state = session === undefined ? undefined : new SessionStore(host).fold(session).state;
  const counting = readCountingApprovals(host.workspace, state);
  if (counting.damagedLines > 0) {
    const lines = counting.damagedLines === 1 ? '1 line' : `${counting.damagedLines} lines`;
    tell(`${lines} of the workspace's permissions cannot be read; look through the list`);
  }
  return counting;
}
