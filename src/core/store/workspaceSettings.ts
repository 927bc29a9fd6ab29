import path from 'node:path';
import * as v from 'valibot';
import { writeFileAtomicSync } from '../common/atomicFile.ts';
import { readJsonSync, readSmallFileSync } from '../common/jsonFile.ts';
import { DEFAULT_RETENTION_DAYS } from '../sessions/pruneSessions.ts';
import { defaultRetention, type Retention } from '../tasks/pruneTasks.ts';
import { defaultPolicy, type TaskPolicy } from '../tasks/types.ts';
import { listWorkspaces, type Workspace } from './workspace.ts';

/** How tasks and sessions of a workspace are kept. */
export interface WorkspaceSettings {
  /** Of new tasks. */
  readonly policy: TaskPolicy;
  /** Of tasks. */
  readonly retention: Retention;
  /** C programs show each line at once. */
  readonly lineBuffering: boolean;
  readonly sessionRetentionDays: number;
}

const number = (least: number, most: number, fallback: number) =>
  v.fallback(v.pipe(v.number(), v.minValue(least), v.maxValue(most)), fallback);
const wholeNumber = (least: number, fallback: number) =>
  v.fallback(
    v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(Number.MAX_SAFE_INTEGER)),
    fallback,
  );

/** What is missing or wrong counts as it is without a file. */
const schema = v.looseObject({
  tasks: v.looseObject({
    outputLimitBytes: wholeNumber(1, defaultPolicy.outputLimitBytes),
    timeLimitSec: wholeNumber(0, defaultPolicy.timeLimitSec),
    stopGraceSec: wholeNumber(0, defaultPolicy.stopGraceSec),
    maxTasks: wholeNumber(1, defaultRetention.maxTasks),
    retentionDays: number(0, 3650, defaultRetention.maxAgeDays),
    lineBuffering: v.fallback(v.boolean(), false),
  }),
  sessions: v.looseObject({ retentionDays: number(1, 3650, DEFAULT_RETENTION_DAYS) }),
});

const defaults: WorkspaceSettings = {
  policy: defaultPolicy,
  retention: defaultRetention,
  lineBuffering: false,
  sessionRetentionDays: DEFAULT_RETENTION_DAYS,
};

/**
 * What the user has set in the editor for a workspace, for faces that have no settings of their own; the defaults where
 * no editor was. Not the shutdown policy: no window may be what such a task depends on.
 */
export function readWorkspaceSettings(workspace: Workspace): WorkspaceSettings {
  const record = readJsonSync(fileOf(workspace), schema);
  if (record.kind !== 'ok') return defaults;
  const { tasks, sessions } = record.value;
  const { outputLimitBytes, timeLimitSec, stopGraceSec } = tasks;
  return {
    policy: { ...defaultPolicy, outputLimitBytes, timeLimitSec, stopGraceSec },
    retention: { maxTasks: tasks.maxTasks, maxAgeDays: tasks.retentionDays },
    lineBuffering: tasks.lineBuffering,
    sessionRetentionDays: sessions.retentionDays,
  };
}

/**
 * How long sessions are kept where that is longest: what belongs to no one workspace has to last that long. The default
 * where no editor was.
 */
export function longestSessionRetentionDays(home: string): number {
  const days = listWorkspaces(home).flatMap((workspace) => {
    const record = readJsonSync(fileOf(workspace), schema);
    return record.kind === 'ok' ? [record.value.sessions.retentionDays] : [];
  });
  return days.length === 0 ? DEFAULT_RETENTION_DAYS : Math.max(...days);
}

/**
 * Tells the other faces what is set, unless they know it already.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `file.unreadable`.
 */
export function writeWorkspaceSettings(workspace: Workspace, settings: WorkspaceSettings): void {
  const { policy, retention, lineBuffering, sessionRetentionDays } = settings;
  const { outputLimitBytes, timeLimitSec, stopGraceSec } = policy;
  const { maxTasks, maxAgeDays } = retention;
  const record = {
    schema: 1,
    tasks: {
      ...{ outputLimitBytes, timeLimitSec, stopGraceSec, maxTasks },
      ...{ retentionDays: maxAgeDays, lineBuffering },
    },
    sessions: { retentionDays: sessionRetentionDays },
  };
  const text = `${JSON.stringify(record)}\n`;
  const file = fileOf(workspace);
  if (readSmallFileSync(file) !== text) writeFileAtomicSync(file, text, { isDurable: false });
}

function fileOf({ directory }: Workspace): string {
  return path.join(directory, 'settings.json');
}
