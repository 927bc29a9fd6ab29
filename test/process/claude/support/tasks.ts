import { readFileSync } from 'node:fs';
import { listHomeProcesses } from '../../../support/homeProcesses.ts';
import { waitFor } from '../../../support/waitFor.ts';
import type { Claude } from './claude.ts';

/** A task as `holdfast tasks --json` has it. */
export interface TaskRow {
  readonly id: string;
  readonly command: string;
  readonly status: string;
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly outputBytes: number;
}

export async function tasksOf(claude: Claude): Promise<TaskRow[]> {
  return (await claude.cli.json(['tasks'])) as TaskRow[];
}

export async function task(claude: Claude, id = 'bash_1'): Promise<TaskRow> {
  const found = (await tasksOf(claude)).find((row) => row.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

/** The first task, once its command runs and has written something. */
export function untilFirstOutput(claude: Claude): Promise<TaskRow> {
  return waitFor(
    async () => {
      const [first] = await tasksOf(claude);
      return first?.status === 'running' && first.outputBytes > 0 && first;
    },
    { deadlineMs: 120_000, describe: () => `a task with output; ${logOf(claude)}` },
  );
}

/** Until what stood for the tasks in Claude's tree is gone and it is settled what becomes of them. */
export async function untilSettled(claude: Claude): Promise<void> {
  await waitFor(
    () => !commandLines(claude).some((line) => /claude-(stopped\.sh|prefix)/.test(line)),
    { deadlineMs: 120_000, describe: () => commandLines(claude).join('\n') },
  );
}

/** Command lines of everything that runs in the home of a test. */
export function commandLines(claude: Claude): string[] {
  return listHomeProcesses(claude.cli.home).flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return [];
    }
  });
}

function logOf({ cli }: Claude): string {
  try {
    return readFileSync(`${cli.home}/log/claude.log`, 'utf8');
  } catch {
    return 'the log is empty';
  }
}
