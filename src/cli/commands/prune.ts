import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { formatDuration, taskLabel, taskStatusText } from '../../core/tasks/describeTask.ts';
import { DEFAULT_RETENTION_DAYS } from '../../core/sessions/pruneSessions.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { noteEndedTasks } from '../../core/sessions/sessionTasks.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import { defaultRetention, pruneTasks, tasksToPrune } from '../../core/tasks/pruneTasks.ts';
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
      `tasks that ended longer ago (default: ${defaultRetention.maxAgeDays})`,
      parseCount,
    )
    .option(
      '--session-days <n>',
      `sessions last active longer ago (default: ${DEFAULT_RETENTION_DAYS})`,
      parseCount,
    )
    .action(prune);
}

async function prune(options: PruneOptions): Promise<void> {
  const host = openHost(options);
  const isDryRun = options.dryRun === true;
  const store = new SessionStore(host);
  if (!isDryRun) noteEndedTasks(store, listTasks(host.workspace, host.clock.now()).tasks);
  const sessions = pruneStore(store, isDryRun, options.sessionDays);
  const pruned = pruneOrPreview(host, options.days ?? defaultRetention.maxAgeDays, isDryRun);
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

function pruneOrPreview(host: TaskHost, maxAgeDays: number, isDryRun: boolean): TaskSnapshot[] {
  const nowMs = host.clock.now();
  const retention = { ...defaultRetention, maxAgeDays };
  if (!existsSync(tasksDirectory(host.workspace))) return [];
  return isDryRun
    ? tasksToPrune(listTasks(host.workspace, nowMs).tasks, retention, nowMs)
    : pruneTasks(host.workspace, retention, nowMs);
}

function describe(task: TaskSnapshot, host: TaskHost): string {
  const age = formatDuration(host.clock.now() - (task.endedAtMs ?? task.createdAtMs));
  return `${taskLabel(task, 60)}  (${taskStatusText(task)}, ${age} ago)`;
}
