import { HoldfastError } from '../../common/errors.ts';
import { cursorOf } from '../../sessions/sessionOutput.ts';
import { SessionStore } from '../../sessions/sessionStore.ts';
import { listTasks } from '../../tasks/listTasks.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import { claudeTasksOf, readTold, sweepClaudeTasks, writeTold, type Told } from './claudeTasks.ts';
import type { SessionStart } from './hookInput.ts';
import { findInterruptedCalls } from './interruptedCall.ts';
import { sessionNews } from './sessionNews.ts';

/** The reader by which our MCP server keeps Claude Code's place in an output. */
const READER = 'mcp.claude-code';

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
    return task.status === 'running' && task.isForeground !== true && !isOwn.has(task.directory);
  });
  const isResumed = event.source === 'resume' || event.source === 'fork';
  const { text, told } = sessionNews({
    nowMs,
    own,
    others,
    interrupted:
      isResumed && event.transcript_path !== undefined
        ? findInterruptedCalls(event.transcript_path)
        : [],
    // What Claude was told is gone from a conversation that was condensed.
    told: event.source === 'compact' ? forgetful : readTold(home, event.session_id),
    readUpTo: cursorsOf(host, session),
  });
  if (text !== undefined) writeTold(home, event.session_id, told);
  sweepClaudeTasks(home, nowMs);
  return text;
}

const forgetful: Told = { v: 1, tasks: {} };

function cursorsOf(host: TaskHost, session: string | undefined): (task: TaskSnapshot) => number {
  if (session === undefined) return () => 0;
  try {
    const { state } = new SessionStore(host).fold(session);
    return (task) => cursorOf(state, task.id, READER);
  } catch (error) {
    // A journal that cannot be read only costs the count of lines.
    if (!HoldfastError.is(error)) throw error;
    return () => 0;
  }
}
