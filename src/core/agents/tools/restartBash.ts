import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import { COOKIE_VARIABLE } from '../../tasks/environment.ts';
import { findTask } from '../../tasks/listTasks.ts';
import { restartTask } from '../../tasks/restartTask.ts';
import {
  bashId,
  bashIdSchema,
  noteSchema,
  standingProperties,
  commandAnnotations,
} from './fields.ts';
import { callOf, noteOf, standingOf } from './standing.ts';
import { defineTool, objectSchema } from './tool.ts';

const input = v.strictObject({ bash_id: bashId });

/** Runs a task again under its id. */
export const restartBashTool = defineTool({
  name: 'restart_bash',
  title: 'Restart a task',
  description:
    'Runs a background task again under its id, with the same command, directory and environment; one that still runs is ended first. Its output goes on in the same log. Use it after a change that a server does not pick up by itself.',
  inputSchema: objectSchema({ bash_id: bashIdSchema }),
  outputSchema: objectSchema({
    bash_id: { type: 'string' },
    ...standingProperties,
    pid: { type: ['integer', 'null'] },
    attempt: { type: 'integer', description: '2 after the first restart.' },
    cwd: { type: 'string' },
    missing_secrets: {
      type: 'array',
      items: { type: 'string' },
      description: 'Variables of the first run whose values are nowhere to be had.',
    },
    note: noteSchema,
  }),
  annotations: commandAnnotations,
  input,
  run: async ({ host, shell }, { bash_id: id }) => {
    const before = findTask(host.workspace, id, host.clock.now());
    if (host.environment[COOKIE_VARIABLE] === before.cookie) {
      throw new HoldfastError('input.invalid', `you run inside ${before.id} and cannot restart it`);
    }
    // Secrets are on no disk; what this agent has exported it still has.
    const { environment } = shell.start(host.environment);
    const { task, missingSecrets } = await restartTask({ ...host, environment }, before);
    const note = noteOf([
      missingSecrets.length === 0
        ? undefined
        : `It runs without ${missingSecrets.join(', ')}: export them, then restart it again.`,
      `Read what it prints with ${callOf('bash_output', { bash_id: task.id })}.`,
    ]);
    return {
      text: `${task.id} runs again (attempt ${task.attempt}), in ${task.cwd}\n${note ?? ''}`,
      structured: {
        bash_id: task.id,
        ...standingOf(task),
        pid: task.pid ?? null,
        attempt: task.attempt,
        cwd: task.cwd,
        missing_secrets: [...missingSecrets],
        note,
      },
    };
  },
});
