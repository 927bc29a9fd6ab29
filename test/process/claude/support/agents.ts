import path from 'node:path';
import { waitFor } from '../../../support/waitFor.ts';
import type { Claude } from './claude.ts';
import { task, type TaskRow } from './tasks.ts';

/** A question as `holdfast claude questions --json` has it. */
export interface QuestionRow {
  readonly task: string;
  readonly id: string;
  readonly tool: string;
  readonly about: string;
  readonly offers: readonly string[];
}

/** The environment in which our command line finds this Claude Code. */
export function agentEnv(
  claude: Claude,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const searchPath = `${path.dirname(claude.program)}${path.delimiter}${claude.env['PATH'] ?? ''}`;
  return { ...claude.env, PATH: searchPath, ...more };
}

/** Newer versions have the service judge commands by default; the stand-in does not. */
const ORDINARY = ['--', '--permission-mode', 'default'];

/** Has Claude work on a prompt in the background; gives the task's id. */
export async function runInBackground(
  claude: Claude,
  lines: readonly string[],
  { options = [], env = {} }: { options?: string[]; env?: Record<string, string> } = {},
): Promise<string> {
  const words = ['claude', 'background', ...options, lines.join('\n'), ...ORDINARY];
  const started = await claude.cli.json(words, { env: agentEnv(claude, env) });
  return (started as { id: string }).id;
}

export async function outputOf(claude: Claude, id = 'bash_1'): Promise<string> {
  return ((await claude.cli.json(['output', id, '--from', '0'])) as { text: string }).text;
}

export async function untilAgentEnds(claude: Claude, id = 'bash_1'): Promise<TaskRow> {
  return waitFor(
    async () => {
      const now = await task(claude, id);
      return now.status !== 'running' && now;
    },
    { deadlineMs: 60_000, describe: () => `the end of ${id}` },
  );
}

export async function questionsOf(claude: Claude): Promise<QuestionRow[]> {
  return (await claude.cli.json(['claude', 'questions'])) as QuestionRow[];
}

export async function untilQuestion(claude: Claude): Promise<QuestionRow> {
  return waitFor(async () => (await questionsOf(claude))[0], {
    deadlineMs: 60_000,
    describe: 'a question',
  });
}
