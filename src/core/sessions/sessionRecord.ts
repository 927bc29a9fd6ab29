import { hasExpired, type Approval } from '../permissions/approval.ts';
import type { TaskSnapshot } from '../tasks/types.ts';
import type { SessionMessage } from './readMessages.ts';
import type { FileInContext, SessionState, SessionTask } from './sessionState.ts';

/** A session as one object: what is exported, shown with `--json`, and (without messages) kept by the editor. */
export interface SessionRecord {
  readonly schema: 1;
  readonly sessionId: string;
  readonly title: string | null;
  readonly firstPrompt: string | null;
  readonly workspace: string | null;
  readonly startTime: string | null;
  readonly lastActive: string | null;
  readonly durationMs: number;
  readonly parent: string | null;
  readonly branches: readonly string[];
  readonly isPinned: boolean;
  readonly agent: string | null;
  readonly agentSessionId: string | null;
  readonly cwd: string | null;
  readonly environment: EnvironmentJson;
  readonly messageCount: number;
  readonly toolCallCount: number;
  readonly messages: readonly SessionMessage[];
  readonly backgroundTasks: Readonly<Record<string, TaskInRecord>>;
  readonly fileContext: FileContextJson;
  readonly permissions: PermissionsJson;
  readonly goals: readonly { readonly text: string; readonly isDone: boolean }[];
  readonly notes: readonly string[];
  readonly summary: string | null;
  readonly damage: SessionState['damage'];
}

export interface EnvironmentJson {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  readonly secretNames: readonly string[];
}

export interface TaskInRecord {
  readonly command: string;
  /** As of a task; `lost` where neither the task nor its end is on record. */
  readonly status: string;
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly outputPosition: number;
  readonly cursors: Readonly<Record<string, number>>;
  readonly startTime: string;
  readonly endTime: string | null;
  readonly cwd: string | null;
  readonly uuid: string | null;
}

export interface FileContextJson {
  readonly read: readonly string[];
  readonly modified: readonly string[];
  readonly created: readonly string[];
  /** What was known of each when the session last touched it. */
  readonly details: Readonly<Record<string, FileDetails>>;
}

export interface FileDetails {
  readonly mtimeMs: number | null;
  readonly hash: string | null;
  readonly sizeBytes: number | null;
  readonly touchedAt: string;
}

export interface PermissionsJson {
  /** Rules that allow now, the session's own first, then those of its workspace. */
  readonly approvedTools: readonly string[];
  readonly directories: readonly string[];
  readonly details: readonly PermissionDetails[];
}

export interface PermissionDetails {
  readonly rule: string | null;
  readonly directory: string | null;
  readonly realPath: string | null;
  readonly decision: string;
  readonly by: string;
  readonly scope: string;
  readonly givenAt: string;
  readonly expiresAt: string | null;
}

/** What a record takes from elsewhere than the journal's state. */
export interface RecordSources {
  /** Those of the workspace as they stand now. */
  readonly tasks: readonly TaskSnapshot[];
  /** What counts in the session, of whichever scope. */
  readonly approvals: readonly Approval[];
  readonly nowMs: number;
  readonly messages?: readonly SessionMessage[];
}

export function recordOf(state: SessionState, sources: RecordSources): SessionRecord {
  const { startMs } = state;
  const lastActiveMs = state.lastActiveMs ?? startMs;
  const environment = [...state.environment];
  return {
    schema: 1,
    sessionId: state.id,
    title: state.title ?? null,
    firstPrompt: state.firstPrompt ?? null,
    workspace: state.workspace ?? null,
    startTime: isoOrNull(startMs),
    lastActive: isoOrNull(lastActiveMs),
    durationMs: Math.max(0, (lastActiveMs ?? 0) - (startMs ?? 0)),
    parent: state.parent ?? null,
    branches: [...state.children],
    isPinned: state.isPinned,
    agent: state.agent ?? null,
    agentSessionId: state.agentSessionId ?? null,
    cwd: state.cwd ?? null,
    environment: {
      set: Object.fromEntries(
        environment.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
      ),
      unset: environment.flatMap(([name, value]) => (value === null ? [name] : [])),
      secretNames: [...state.secretNames],
    },
    messageCount: state.messageCount,
    toolCallCount: state.toolCallCount,
    messages: sources.messages ?? [],
    backgroundTasks: Object.fromEntries(
      [...state.tasks.values()].map((task) => [task.id, taskOf(state, task, sources.tasks)]),
    ),
    fileContext: fileContextOf([...state.files.values()]),
    permissions: permissionsOf(sources),
    goals: [...state.goals].map(([text, isDone]) => ({ text, isDone })),
    notes: [...state.notes],
    summary: state.summary ?? null,
    damage: { ...state.damage },
  };
}

/** The task of the workspace that a session's task is. Ids are never used again, but those of a copied store may be. */
export function snapshotOf(
  task: SessionTask,
  tasks: readonly TaskSnapshot[],
): TaskSnapshot | undefined {
  const isIt = ({ id, cookie }: TaskSnapshot): boolean =>
    id === task.id && (task.uuid === undefined || task.uuid === cookie);
  return tasks.find(isIt);
}

function taskOf(
  state: SessionState,
  task: SessionTask,
  tasks: readonly TaskSnapshot[],
): TaskInRecord {
  const now = snapshotOf(task, tasks);
  const cursors = state.cursors.get(task.id);
  return {
    command: task.command,
    status: now?.status ?? task.end?.status ?? 'lost',
    pid: now?.pid ?? null,
    exitCode: now?.exitCode ?? task.end?.exitCode ?? null,
    signal: now?.signal ?? task.end?.signal ?? null,
    outputPosition: cursors?.position ?? 0,
    cursors: Object.fromEntries(cursors?.offsets ?? []),
    startTime: new Date(task.startedAtMs).toISOString(),
    endTime: isoOrNull(now === undefined ? task.end?.endedAtMs : now.endedAtMs),
    cwd: task.cwd ?? null,
    uuid: task.uuid ?? null,
  };
}

function fileContextOf(files: readonly FileInContext[]): FileContextJson {
  const pathsOf = (isWanted: (file: FileInContext) => boolean): string[] =>
    files.filter(isWanted).map(({ path }) => path);
  return {
    read: pathsOf(({ isRead }) => isRead),
    modified: pathsOf(({ isModified }) => isModified),
    created: pathsOf(({ isCreated }) => isCreated),
    details: Object.fromEntries(
      files.map(({ path, mtimeMs, hash, sizeBytes, atMs }) => [
        path,
        {
          mtimeMs: mtimeMs ?? null,
          hash: hash ?? null,
          sizeBytes: sizeBytes ?? null,
          touchedAt: new Date(atMs).toISOString(),
        },
      ]),
    ),
  };
}

function permissionsOf({ approvals, nowMs }: RecordSources): PermissionsJson {
  const ofScope = (wanted: Approval['scope']): Approval[] =>
    approvals.filter(({ scope }) => scope === wanted);
  const ordered = [...ofScope('session'), ...ofScope('workspace')];
  const allowed = ordered.filter(
    (approval) => approval.decision === 'allow' && !hasExpired(approval, nowMs),
  );
  return {
    approvedTools: [...new Set(allowed.flatMap(({ rule }) => rule ?? []))],
    directories: [...new Set(allowed.flatMap(({ directory }) => directory ?? []))],
    details: ordered.map((permission) => ({
      rule: permission.rule ?? null,
      directory: permission.directory ?? null,
      realPath: permission.realPath ?? null,
      decision: permission.decision,
      by: permission.by,
      scope: permission.scope,
      givenAt: new Date(permission.givenAtMs).toISOString(),
      expiresAt: isoOrNull(permission.expiresAtMs),
    })),
  };
}

/** Dates that JavaScript cannot hold would throw. */
function isoOrNull(atMs: number | undefined): string | null {
  if (atMs === undefined || !Number.isFinite(atMs)) return null;
  return new Date(atMs).toISOString();
}
