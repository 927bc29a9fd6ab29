import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import {
  isAlive,
  readIdentity,
  type ProcessIdentity,
} from '../../../src/core/processes/identity.ts';
import type { TaskMarks } from '../../../src/core/processes/taskProcesses.ts';
import { tempDir } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';

const programs = path.join(import.meta.dirname, '../../fixtures/programs');

/** One fixture program that runs as a task's command would, without a keeper. */
export interface NastyTask extends TaskMarks {
  readonly root: ProcessIdentity;
  /** The processes that reported themselves in the log as `name pid`, in that order. */
  readonly reported: readonly Reported[];
}

export interface Reported {
  readonly name: string;
  readonly pid: number;
  /** Undefined for one that had ended when it was looked at. */
  readonly identity: ProcessIdentity | undefined;
}

/** Starts a program and waits until `reports` processes have reported; ends all of them after the test. */
export async function startTask(
  test: TestContext,
  program: string,
  reports: number,
): Promise<NastyTask> {
  let logPath = '';
  // Hooks run in the order they were added: this one still needs the directory that the next removes.
  test.after(() => {
    for (const { pid } of readReports(logPath)) endNow(readIdentity(pid));
  });
  logPath = path.join(await tempDir(test), 'output.log');
  const cookie = randomUUID();
  const log = openSync(logPath, 'a');
  const child = spawn('sh', [path.join(programs, program)], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, HOLDFAST_TASK: cookie },
  });
  closeSync(log);
  const root = readIdentity(child.pid ?? 0);
  if (root === undefined) throw new Error(`${program} did not start`);
  const reported = await waitFor(
    () => {
      const lines = readReports(logPath);
      return lines.length >= reports && lines.map(withIdentity);
    },
    { describe: `${reports} processes of ${program} to report` },
  );
  return { root, roots: [root], cookie, logPath, reported };
}

/** Starts one more process that the test ends; returns its identity. */
export function startBystander(
  test: TestContext,
  argv: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = process.env,
): ProcessIdentity {
  const [file, ...args] = argv;
  const child = spawn(file, args, { stdio: 'ignore', env });
  const identity = readIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error(`${file} did not start`);
  test.after(() => {
    endNow(identity);
  });
  return identity;
}

export function pidsOf(identities: readonly { readonly pid: number }[]): number[] {
  return identities.map(({ pid }) => pid).sort((a, b) => a - b);
}

/** Those that reported and still live. */
export function listLeft(task: NastyTask): string[] {
  return task.reported.flatMap(({ name, identity }) =>
    identity !== undefined && isAlive(identity) ? [name] : [],
  );
}

function endNow(identity: ProcessIdentity | undefined): void {
  if (identity !== undefined && isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
}

function withIdentity(report: { name: string; pid: number }): Reported {
  return { ...report, identity: readIdentity(report.pid) };
}

function readReports(logPath: string): { name: string; pid: number }[] {
  return [...readFileSync(logPath, 'utf8').matchAll(/^(\w+) (\d+)\n/gm)].map(([, name, pid]) => ({
    name: name ?? '',
    pid: Number(pid),
  }));
}
