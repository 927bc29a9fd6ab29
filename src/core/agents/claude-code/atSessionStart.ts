import { listTasks } from '../../tasks/listTasks.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import {
  claudeTasksOf,
  isAround,
  readTold,
  sweepClaudeTasks,
  writeTold,
  type Told,
} from './claudeTasks.ts';
import type { SessionStart } from './hookInput.ts';
import { cursorsOf } from './cursorsOf.ts';
import { findInterruptedCalls } from './interruptedCall.ts';
import { sessionNews } from './sessionNews.ts';

/**
 * What Claude is told at the start of a conversation, or undefined; it is remembered as told.
 * @throws HoldfastError `home.notWritable`, `disk.full`, `file.unreadable`.
 */
export function newsAtSessionStart(
  host: TaskHost,
  event: SessionStart,
  session: string | undefined,
): string | undefined {
  const { home } = host.workspace;
  const nowMs = host.clock.now();
  const own = claudeTasksOf(home, event.session_id, nowMs);
  const isOwn = new Set(own.map(({ task }) => task.directory));
  const others = listTasks(host.workspace, nowMs).tasks.filter((task) => {
    return task.status === 'running' && !isOwn.has(task.directory) && !isAround(host, task);
  });
  const isResumed = event.source === 'resume' || event.source === 'fork';
  const earlier = readTold(home, event.session_id);
  const { text, told } = sessionNews({
    nowMs,
    own,
    others,
    interrupted:
      isResumed && event.transcript_path !== undefined
        ? findInterruptedCalls(event.transcript_path)
        : [],
    // What Claude was told is gone from a conversation that was condensed.
    told: event.source === 'compact' ? forgetful : earlier,
    readUpTo: cursorsOf(host, session),
  });
  const isSameProcess = event.source === 'compact' || event.source === 'clear';
  const beganMs = isSameProcess ? earlier.beganMs : nowMs;
  if (text !== undefined || own.length > 0) {
    const began = beganMs === undefined ? {} : { beganMs };
    writeTold(home, event.session_id, { ...told, ...began });
  }
  sweepClaudeTasks(home, nowMs);
  return text;
}

const forgetful: Told = { v: 1, tasks: {} };
