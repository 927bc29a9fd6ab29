import * as v from 'valibot';
import { formatSize, oneLine, taskName } from '../../tasks/describeTask.ts';
import { listTasks } from '../../tasks/listTasks.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import type { Agent } from './agent.ts';
import { noteSchema, standingProperties } from './fields.ts';
import { describeStanding, isOver, noteOf, standingOf } from './standing.ts';
import { defineTool, objectSchema, type ToolResult } from './tool.ts';

const DEFAULT_LIMIT = 20;
/** Running and others: twice this many, at 500 bytes each, fit into an answer. */
const MAX_LIMIT = 50;
const MAX_COMMAND_CHARS = 200;

const input = v.strictObject({
  only_running: v.optional(v.boolean('expected true or false')),
  limit: v.optional(
    v.pipe(
      v.number('expected a number'),
      v.integer('expected a whole number'),
      v.minValue(1, 'expected at least 1'),
      v.maxValue(MAX_LIMIT, `expected at most ${MAX_LIMIT}`),
    ),
  ),
});

/** The tasks of the workspace. */
export const listBashesTool = defineTool({
  name: 'list_bashes',
  title: 'List tasks',
  description:
    'Lists the background tasks of the workspace: running ones first, then the latest that ended. Also those that the user, other agents and earlier conversations have started: look here before you start a server that may be running already.',
  inputSchema: objectSchema(
    {
      only_running: { type: 'boolean', default: false },
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_LIMIT,
        default: DEFAULT_LIMIT,
        description: 'How many that are over to list at most.',
      },
    },
    [],
  ),
  outputSchema: objectSchema({
    tasks: {
      type: 'array',
      items: objectSchema({
        bash_id: { type: 'string' },
        title: { type: ['string', 'null'] },
        command: { type: 'string' },
        ...standingProperties,
        pid: { type: ['integer', 'null'] },
        cwd: { type: 'string' },
        started_at: { type: ['string', 'null'] },
        ended_at: { type: ['string', 'null'] },
        output_bytes: { type: 'integer' },
        unread_bytes: { type: 'integer', description: 'Not yet read by you.' },
        is_own_session: {
          type: 'boolean',
          description: 'Started in the session that you belong to.',
        },
        log_file: { type: 'string' },
      }),
    },
    running_count: { type: 'integer' },
    total_count: { type: 'integer' },
    note: noteSchema,
  }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  input,
  run: (agent, given) => {
    const { tasks } = listTasks(agent.host.workspace, agent.host.clock.now());
    const running = tasks.filter((task) => !isOver(task));
    const over = tasks
      .filter(isOver)
      .sort((a, b) => (b.endedAtMs ?? b.createdAtMs) - (a.endedAtMs ?? a.createdAtMs))
      .slice(0, given.only_running === true ? 0 : (given.limit ?? DEFAULT_LIMIT));
    const shown = [...running.slice(-MAX_LIMIT), ...over];
    return resultOf(agent, shown, { runningCount: running.length, totalCount: tasks.length });
  },
});

function resultOf(
  agent: Agent,
  shown: readonly TaskSnapshot[],
  { runningCount, totalCount }: { readonly runningCount: number; readonly totalCount: number },
): ToolResult {
  const left = totalCount - shown.length;
  const note = noteOf([
    totalCount === 0 ? `There are no tasks in ${agent.host.workspace.folder}.` : undefined,
    left > 0 ? `${left} more are not listed.` : undefined,
  ]);
  const lines = shown.map((task) => describe(agent, task));
  if (note !== null) lines.push(note);
  return {
    text: lines.join('\n'),
    structured: {
      tasks: shown.map((task) => fieldsOf(agent, task)),
      running_count: runningCount,
      total_count: totalCount,
      note,
    },
  };
}

function describe(agent: Agent, task: TaskSnapshot): string {
  const unread = unreadBytes(agent, task);
  const news = unread === 0 ? '' : `, ${formatSize(unread)} unread`;
  const standing = describeStanding(task, agent.host.clock.now());
  return `${task.id} [${standing}${news}] ${taskName(task)}`;
}

function fieldsOf(agent: Agent, task: TaskSnapshot): Record<string, unknown> {
  return {
    bash_id: task.id,
    title: task.title ?? null,
    command: oneLine(task.command, MAX_COMMAND_CHARS),
    ...standingOf(task),
    pid: task.pid ?? null,
    cwd: task.cwd,
    started_at: isoOrNull(task.startedAtMs),
    ended_at: isoOrNull(task.endedAtMs),
    output_bytes: task.outputBytes,
    unread_bytes: unreadBytes(agent, task),
    is_own_session: agent.session !== undefined && agent.session === task.session,
    log_file: taskDirectoryAt(task.directory).output,
  };
}

function unreadBytes(agent: Agent, task: TaskSnapshot): number {
  return Math.max(0, task.outputBytes - Math.max(agent.cursor(task), task.droppedBytes));
}

function isoOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
