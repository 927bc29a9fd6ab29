import {
  McpError,
  type ReadResourceResult,
  type Resource,
} from '@modelcontextprotocol/sdk/types.js';
import { readEnds } from '../core/agents/tools/outputEnds.ts';
import { describeStanding } from '../core/agents/tools/standing.ts';
import { describeToolError } from '../core/agents/tools/toolError.ts';
import { HoldfastError } from '../core/common/errors.ts';
import { SessionStore } from '../core/sessions/sessionStore.ts';
import { taskLabel } from '../core/tasks/describeTask.ts';
import { findTask, listTasks } from '../core/tasks/listTasks.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';

/** What clients can show or attach without a tool call: the output of each task, and each session's record. */

/** The protocol's own code for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32_002;
const PAGE_SIZE = 100;

export const resourceTemplates = [
  {
    uriTemplate: 'holdfast://tasks/{id}/output',
    name: 'task-output',
    title: 'Output of a background task',
    description: 'Its beginning and its end if it is long.',
    mimeType: 'text/plain',
  },
  {
    uriTemplate: 'holdfast://sessions/{id}',
    name: 'session',
    title: 'A session',
    description: 'Its title, tasks, files, permissions and notes, without its messages.',
    mimeType: 'application/json',
  },
] as const;

export function taskOutputUri(id: string): string {
  return `holdfast://tasks/${id}/output`;
}

function sessionUri(id: string): string {
  return `holdfast://sessions/${encodeURIComponent(id)}`;
}

/** One page: the tasks, the latest first, then the sessions, the latest active first. */
export function listResources(
  host: TaskHost,
  cursor: string | undefined,
): { resources: Resource[]; nextCursor?: string } {
  const all = [...taskResources(host), ...sessionResources(host)];
  const start = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new McpError(-32_602, `this is no cursor of ours: ${String(cursor)}`);
  }
  const end = start + PAGE_SIZE;
  const resources = all.slice(start, end);
  return end < all.length ? { resources, nextCursor: String(end) } : { resources };
}

/** @throws McpError for one that is not there. */
export function readResource(host: TaskHost, uri: string): ReadResourceResult {
  const [, kind, encodedId = ''] =
    /^holdfast:\/\/(?:(tasks)\/([^/]+)\/output|(sessions)\/([^/]+))$/.exec(uri)?.filter(Boolean) ??
    [];
  try {
    const id = decodeURIComponent(encodedId);
    if (kind === 'tasks') return textOf(uri, 'text/plain', readTaskOutput(host, id));
    if (kind === 'sessions') {
      const record = new SessionStore(host).record(id);
      return textOf(uri, 'application/json', JSON.stringify(record, undefined, 2));
    }
  } catch (error) {
    if (!HoldfastError.is(error) && !(error instanceof URIError)) throw error;
    throw new McpError(RESOURCE_NOT_FOUND, describeToolError(error), { uri });
  }
  throw new McpError(RESOURCE_NOT_FOUND, `there is no resource ${uri}`, { uri });
}

/** Ids that begin with what was typed, for the variable of either template. */
export function completeId(host: TaskHost, uriTemplate: string, typed: string): string[] {
  const ids = uriTemplate.includes('tasks')
    ? listTasks(host.workspace, host.clock.now()).tasks.map(({ id }) => id)
    : new SessionStore(host).list({ budgetMs: 200 }).sessions.map(({ id }) => id);
  return ids.filter((id) => id.startsWith(typed)).slice(-PAGE_SIZE);
}

function taskResources(host: TaskHost): Resource[] {
  const nowMs = host.clock.now();
  const { tasks } = listTasks(host.workspace, nowMs);
  return tasks.reverse().map((task) => ({
    uri: taskOutputUri(task.id),
    name: `${task.id} output`,
    title: taskLabel(task, 80),
    description: describeStanding(task, nowMs),
    mimeType: 'text/plain',
    size: task.outputBytes,
    annotations: { lastModified: new Date(task.lastOutputAtMs ?? task.createdAtMs).toISOString() },
  }));
}

function sessionResources(host: TaskHost): Resource[] {
  const { sessions } = new SessionStore(host).list({ budgetMs: 200 });
  return sessions.map(({ id, title, firstPrompt, messageCount, taskCount, lastActiveMs }) => ({
    uri: sessionUri(id),
    name: `session ${id}`,
    title: (title ?? firstPrompt ?? id).slice(0, 80),
    description: `${messageCount} messages, ${taskCount} tasks`,
    mimeType: 'application/json',
    annotations: { lastModified: new Date(lastActiveMs).toISOString() },
  }));
}

function readTaskOutput(host: TaskHost, id: string): string {
  const task = findTask(host.workspace, id, host.clock.now());
  return readEnds(task.directory, {
    isOver: task.status !== 'running',
    includePartialLine: true,
  }).text;
}

function textOf(uri: string, mimeType: string, text: string): ReadResourceResult {
  return { contents: [{ uri, mimeType, text }] };
}
