import { HoldfastError } from '../core/common/errors.ts';
import type { WorkspaceSettings } from '../core/store/workspaceSettings.ts';
import type { Retention } from '../core/tasks/pruneTasks.ts';
import { defaultPolicy, type ShutdownPolicy, type TaskPolicy } from '../core/tasks/types.ts';

export type NotifyOnTaskEnd = 'failed' | 'always' | 'never';

/** The settings `holdfast.…`, checked; the names are those of package.json. */
export interface Settings {
  readonly home: string;
  readonly notifyOnTaskEnd: NotifyOnTaskEnd;
  readonly shell: string;
  readonly outputLimitMiB: number;
  readonly timeLimitMinutes: number;
  readonly idleNoticeHours: number;
  readonly stopGraceSeconds: number;
  readonly onShutdown: ShutdownPolicy;
  readonly retentionDays: number;
  readonly maxTasks: number;
  readonly lineBuffering: boolean;
  /** Of sessions; `retentionDays` is that of tasks. */
  readonly sessionRetentionDays: number;
  readonly reopenSession: boolean;
  readonly notesFile: string;
  readonly approvalDays: number;
  readonly bypassPermissions: boolean;
  readonly guardTranscripts: boolean;
  /** Agents go on when the editor stops; the environment and the folder's `.env` go first. */
  readonly persistSessions: boolean;
}

/** Gives the raw value of a setting, by its name without `holdfast.`; undefined when nobody set one. */
export type ReadSetting = (name: string) => unknown;

/**
 * Reads all settings. A value that is not allowed is told to `onProblem` (`settings.outOfRange`), and the default is
 * used: the editor warns of such values in settings.json, but hands them out all the same.
 */
export function readSettings(
  read: ReadSetting,
  onProblem: (problem: HoldfastError) => void,
): Settings {
  const check = <T>(name: string, fallback: T, allowed: string, fits: (value: T) => boolean): T => {
    const value = read(name);
    if (value === undefined || value === null) return fallback;
    if (typeof value === typeof fallback && fits(value as T)) return value as T;
    onProblem(outOfRange(name, value, allowed, fallback));
    return fallback;
  };
  const number = (name: string, fallback: number, least: number, most: number): number =>
    check(name, fallback, `a number from ${least} to ${most}`, (n) => n >= least && n <= most);
  const choice = <T extends string>(name: string, values: readonly [T, ...T[]]): T =>
    check<T>(name, values[0], `one of ${values.join(', ')}`, (value) => values.includes(value));
  const text = (name: string): string => check(name, '', 'a text', () => true).trim();

  return {
    home: text('home'),
    notifyOnTaskEnd: choice('notifyOnTaskEnd', ['failed', 'always', 'never']),
    shell: text('tasks.shell'),
    outputLimitMiB: number('tasks.outputLimitMiB', 64, 1, 10_240),
    timeLimitMinutes: number('tasks.timeLimitMinutes', 0, 0, 525_600),
    idleNoticeHours: number('tasks.idleNoticeHours', 6, 0, 8760),
    stopGraceSeconds: number('tasks.stopGraceSeconds', 5, 0, 600),
    onShutdown: choice('tasks.onShutdown', ['keep', 'terminate']),
    retentionDays: number('tasks.retentionDays', 7, 0, 3650),
    maxTasks: number('tasks.maxTasks', 1000, 1, 1000),
    lineBuffering: check('tasks.lineBuffering', false, 'true or false', () => true),
    sessionRetentionDays: number('sessions.retentionDays', 30, 1, 3650),
    reopenSession: check('sessions.reopen', true, 'true or false', () => true),
    notesFile: check('sessions.notesFile', 'SESSION_NOTES.md', 'the name of a file', isFileName),
    approvalDays: number('permissions.expiryDays', 30, 1, 3650),
    bypassPermissions: check('permissions.bypass', false, 'true or false', () => true),
    guardTranscripts: check('claude.guardTranscripts', true, 'true or false', () => true),
    persistSessions: check('persistSessions', false, 'true or false', () => true),
  };
}

/** What a task that is started now is given. The keeper's script counts in whole seconds and bytes. */
export function policyOf(settings: Settings): TaskPolicy {
  return {
    ...defaultPolicy,
    shutdown: settings.onShutdown,
    outputLimitBytes: Math.round(settings.outputLimitMiB * 1024 * 1024),
    timeLimitSec: Math.ceil(settings.timeLimitMinutes * 60),
    stopGraceSec: Math.ceil(settings.stopGraceSeconds),
  };
}

/** No path: the notes lie in the workspace's folder, and a setting of somebody else's must not lead out of it. */
function isFileName(value: string): boolean {
  return /^[^/\\:*?"<>|\0]{1,100}$/.test(value) && !/^\.{1,2}$/.test(value) && value.trim() !== '';
}

/** What other faces, and agents, go by. */
export function workspaceSettingsOf(settings: Settings): WorkspaceSettings {
  return {
    policy: policyOf(settings),
    retention: retentionOf(settings),
    lineBuffering: settings.lineBuffering,
    sessionRetentionDays: settings.sessionRetentionDays,
  };
}

export function retentionOf(settings: Settings): Retention {
  return { maxTasks: Math.floor(settings.maxTasks), maxAgeDays: settings.retentionDays };
}

function outOfRange(
  name: string,
  value: unknown,
  allowed: string,
  fallback: unknown,
): HoldfastError {
  const setting = `holdfast.${name}`;
  const given = JSON.stringify(value);
  return new HoldfastError(
    'settings.outOfRange',
    `it must be ${allowed}, not ${given}; ${JSON.stringify(fallback)} is used instead`,
    { data: { setting, value, allowed, fallback } },
  );
}
