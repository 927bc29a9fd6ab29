import type { ResumeSummary } from '../../core/sessions/resumeSession.ts';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import type { ListedSession } from './sessionTable.ts';

/** One session of a list as `--json` gives it; scripts rely on the names. Times are ISO 8601 in UTC. */
export function sessionJson(session: ListedSession): object {
  return {
    ...summaryJson(session),
    workspace: session.workspace,
    runningTasks: session.runningTasks,
  };
}

export function summaryJson(session: SessionSummary): object {
  return {
    sessionId: session.id,
    title: session.title ?? null,
    firstPrompt: session.firstPrompt ?? null,
    startTime: new Date(session.startMs).toISOString(),
    lastActive: new Date(session.lastActiveMs).toISOString(),
    messageCount: session.messageCount,
    fileCount: session.fileCount,
    taskCount: session.taskCount,
    parent: session.parent ?? null,
    branchCount: session.branchCount,
    isPinned: session.isPinned,
    isDamaged: session.isDamaged,
    sizeBytes: session.sizeBytes,
    isCompressed: session.isCompressed,
  };
}

/** What taking up a session found, as `--json` gives it. */
export function resumeJson(summary: ResumeSummary): object {
  const { lastActiveMs, heldBy, tasks, expiredPermissions } = summary;
  return {
    sessionId: summary.sessionId,
    title: summary.title ?? null,
    branchedFrom: summary.branchedFrom ?? null,
    heldBy: heldBy === undefined ? null : { pid: heldBy.identity.pid, face: heldBy.face },
    lastActive: lastActiveMs === undefined ? null : new Date(lastActiveMs).toISOString(),
    messageCount: summary.messageCount,
    cwd: summary.cwd,
    missingCwd: summary.missingCwd ?? null,
    directories: summary.directories.map(({ path, state }) => ({ path, state })),
    files: summary.files,
    expiredPermissions: expiredPermissions.map(({ rule, directory }) => rule ?? directory ?? ''),
    tasks: tasks.map(({ id, command, state, exitCode }) => {
      return { id, command, state, exitCode: exitCode ?? null };
    }),
    openToolCalls: summary.openToolCalls,
    damage: summary.damage,
  };
}
