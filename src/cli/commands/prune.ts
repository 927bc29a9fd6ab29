import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { formatDuration, taskLabel, taskStatusText } from '../../core/tasks/describeTask.ts';
import { DEFAULT_RETENTION_DAYS } from '../../core/sessions/pruneSessions.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { withEndsNoted } from '../../core/sessions/sessionTasks.ts';
import { readWorkspaceSettings } from '../../core/store/workspaceSettings.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import {
  defaultRetention,
  pruneTasks,
  tasksToPrune,
  type Retention,
} from '../../core/tasks/pruneTasks.ts';
import { tasksDirectory } from '../../core/tasks/taskDirectory.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { parseCount } from '../optionValues.ts';
import { addCommand } from '../program.ts';
import { prunedLines, pruneStore } from '../sessions/pruneOldSessions.ts';
import { summaryJson } from '../sessions/sessionJson.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { taskJson } from '../taskJson.ts';

interface PruneOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly days?: number;
  readonly sessionDays?: number;
}

export function define(program: Command): void {
  addCommand(program, 'prune', {
    summary: 'delete old tasks that are over, and old sessions; never what runs',
    details:
      'A session that is pinned or open, or has a running task, stays; what is deleted of sessions can be had back for a week.',
    example: 'holdfast prune --dry-run --days 2 --session-days 90',
  })
    .option('--dry-run', 'only say which')
    .option(
      '--days <n>',
      `tasks that ended longer ago (default: as set in the editor, else ${defaultRetention.maxAgeDays})`,
      parseCount,
    )
    .option(
      '--session-days <n>',
      `sessions last active longer ago (default: as set in the editor, else ${DEFAULT_RETENTION_DAYS})`,
      parseCount,
    )
    .action(prune);
}

async function prune(options: PruneOptions): Promise<void> {
  const host = openHost(options);
  const isDryRun = options.dryRun === true;
  const store = new SessionStore(host);
  const { retention } = readWorkspaceSettings(host.workspace);
  const maxAgeDays = options.days ?? retention.maxAgeDays;
  const pruned = pruneOrPreview(store, { ...retention, maxAgeDays }, isDryRun);
  // Behind the tasks: packing old sessions takes room.
  const sessions = pruneStore(store, isDryRun, options.sessionDays);
  if (options.json) {
    const tasks = pruned.map(taskJson).map(({ id, command, status, endedAt, outputBytes }) => {
      return { id, command, status, endedAt, outputBytes };
    });
    const { compressed } = sessions;
    const gone = sessions.pruned.map(summaryJson);
    await writeJson({ dryRun: isDryRun, pruned: tasks, sessions: gone, compressed });
  } else {
    const lines = prunedLines(sessions, isDryRun);
    if (pruned.length + lines.length === 0) await writeLine('Nothing to delete.');
    const act = isDryRun ? 'would be deleted' : 'deleted';
    for (const task of pruned) await writeLine(`${describe(task, host)}  ${act}`);
    for (const line of lines) await writeLine(line);
  }
  await reviveWatcher(host);
}

function pruneOrPreview(
  store: SessionStore,
  retention: Retention,
  isDryRun: boolean,
): TaskSnapshot[] {
  const { workspace, clock } = store.host;
  const nowMs = clock.now();
  if (!existsSync(tasksDirectory(workspace))) return [];
  const { tasks } = listTasks(workspace, nowMs);
  return isDryRun
    ? tasksToPrune(tasks, retention, nowMs)
    : withEndsNoted(store, tasks, () => pruneTasks(workspace, retention, nowMs));
}

function describe(task: TaskSnapshot, host: TaskHost): string {
  const age = formatDuration(host.clock.now() - (task.endedAtMs ?? task.createdAtMs));
  return `${taskLabel(task, 60)}  (${taskStatusText(task)}, ${age} ago)`;
}
