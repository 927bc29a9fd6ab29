import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import { COOKIE_VARIABLE } from '../../tasks/environment.ts';
import { killTask, processesOf } from '../../tasks/killTask.ts';
import { findTask, listTasks } from '../../tasks/listTasks.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import type { Agent } from './agent.ts';
import { bashIds, bashIdsSchema, noteSchema, standingProperties } from './fields.ts';
import { callOf, describeStanding, noteOf, standingOf } from './standing.ts';
import { defineTool, objectSchema, type ToolResult } from './tool.ts';
import { describeToolError } from './toolError.ts';

const input = v.strictObject({
  bash_ids: v.optional(bashIds),
  all: v.optional(v.boolean('expected true or false')),
  except: v.optional(bashIds),
});
type KillInput = v.InferOutput<typeof input>;

/** Ends tasks with everything they have started. */
export const killBashTool = defineTool({
  name: 'kill_bash',
  title: 'End tasks',
  description: `Ends background tasks with every process they have started: SIGTERM first, and SIGKILL to what is left after a few seconds. Returns when they have ended. Their output stays readable.

Name them in bash_ids. Or set all, with except for those to spare: that ends every running task of the workspace, also those that the user and other agents have started, so rather name yours.`,
  inputSchema: objectSchema(
    {
      bash_ids: { ...bashIdsSchema, description: 'Such as ["bash_3"].' },
      all: { type: 'boolean', description: 'Every running task of the workspace.' },
      except: { ...bashIdsSchema, description: 'With all: spare these.' },
    },
    [],
  ),
  outputSchema: objectSchema({
    killed: {
      type: 'array',
      items: objectSchema({ bash_id: { type: 'string' }, ...standingProperties }),
    },
    failed: {
      type: 'array',
      items: objectSchema({ bash_id: { type: 'string' }, error: { type: 'string' } }),
    },
    note: noteSchema,
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  input,
  run: async (agent, given) => {
    requireOneChoice(given);
    const ids = given.all === true ? runningIds(agent, given.except ?? []) : (given.bash_ids ?? []);
    const outcomes = await Promise.all([...new Set(ids)].map((id) => kill(agent, id)));
    return resultOf(agent, outcomes);
  },
});

interface Outcome {
  readonly id: string;
  readonly task?: TaskSnapshot;
  /** What was there to end; of a task that is over, something may be left. */
  readonly was?: 'running' | 'leftovers' | 'over';
  readonly error?: string;
}

const beforeWords = {
  running: '',
  leftovers: 'ended what it had left running; its command: ',
  over: 'was over already: ',
} as const;

function requireOneChoice({ bash_ids: ids, all, except }: KillInput): void {
  if (all === true && ids !== undefined) {
    throw new HoldfastError('input.invalid', 'name tasks in bash_ids or set all, not both');
  }
  if (all !== true && (ids === undefined || ids.length === 0)) {
    throw new HoldfastError('input.invalid', 'name the tasks to end in bash_ids, or set all');
  }
  if (all !== true && except !== undefined) {
    throw new HoldfastError('input.invalid', 'except belongs to all');
  }
}

function runningIds({ host }: Agent, except: readonly string[]): string[] {
  const { tasks } = listTasks(host.workspace, host.clock.now());
  // A slip of the pen here would end what was meant to live.
  const spared = new Set(except.map((id) => findTask(host.workspace, id, host.clock.now()).id));
  return tasks
    .filter(({ status, id }) => status === 'running' && !spared.has(id))
    .filter((task) => !isOwn(host.environment, task))
    .map(({ id }) => id);
}

async function kill(agent: Agent, given: string): Promise<Outcome> {
  const { host } = agent;
  try {
    const task = findTask(host.workspace, given, host.clock.now());
    if (isOwn(host.environment, task)) {
      throw new HoldfastError('input.invalid', `you run inside ${task.id} and cannot end it`);
    }
    if (task.status === 'running') {
      return { id: task.id, task: await killTask(host, task), was: 'running' };
    }
    if (processesOf(task).length === 0) return { id: task.id, task, was: 'over' };
    return { id: task.id, task: await killTask(host, task), was: 'leftovers' };
  } catch (error) {
    return { id: given, error: describeToolError(error) };
  }
}

/** Whether this process runs inside that task: what ends it would end us half-way. */
function isOwn(environment: NodeJS.ProcessEnv, task: TaskSnapshot): boolean {
  return environment[COOKIE_VARIABLE] === task.cookie;
}

/** @throws HoldfastError when not one of them could be ended. */
function resultOf(agent: Agent, outcomes: readonly Outcome[]): ToolResult {
  const nowMs = agent.host.clock.now();
  const killed = outcomes.flatMap(({ task }) => task ?? []);
  const failed = outcomes.flatMap(({ id, error }) => (error === undefined ? [] : [{ id, error }]));
  if (killed.length === 0 && failed.length > 0) {
    throw new HoldfastError('input.invalid', failed.map(({ error }) => error).join('\n'));
  }
  const note = noteOf([
    outcomes.length === 0 ? 'No task runs.' : undefined,
    ...outcomes.map(({ id, was }) =>
      was === 'leftovers' ? `What ${id} had left running is ended.` : undefined,
    ),
    killed.length === 1 && killed[0] !== undefined
      ? `Its last output: ${callOf('bash_output', { bash_id: killed[0].id })}.`
      : undefined,
  ]);
  const lines = [
    ...outcomes.flatMap(({ task, was }) =>
      task === undefined
        ? []
        : `${task.id}: ${beforeWords[was ?? 'running']}${describeStanding(task, nowMs)}`,
    ),
    ...failed.map(({ id, error }) => `${id}: not ended. ${error}`),
    ...(note === null ? [] : [note]),
  ];
  return {
    text: lines.join('\n'),
    structured: {
      killed: killed.map((task) => ({ bash_id: task.id, ...standingOf(task) })),
      failed: failed.map(({ id, error }) => ({ bash_id: id, error })),
      note,
    },
  };
}
