import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import {
  createTaskHost,
  start,
  type RequestOptions,
  type TaskHostOptions,
} from '../../support/taskHost.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';
import { USUAL_SIZE } from '../../support/attachedScreen.ts';
import { buildScripts, findProgram } from '../conformance/variant.ts';

/** A host whose keeper is bundled from the sources as it ships. */
export async function createTerminalHost(
  test: Cleanup,
  { home, environment: own }: Pick<TaskHostOptions, 'home' | 'environment'> = {},
): Promise<TaskHost> {
  const scriptsDirectory = path.join(await tempDir(test), 'keeper');
  await buildScripts(scriptsDirectory);
  const environment = { ...process.env, PS1: '$ ', HISTFILE: '', LANG: 'C.UTF-8', ...own };
  return createTaskHost(test, { scriptsDirectory, environment, ...(home && { home }) });
}

export function startInTerminal(
  host: TaskHost,
  command: string | readonly string[],
  options: RequestOptions = {},
): Promise<TaskSnapshot> {
  return start(host, command, { terminal: USUAL_SIZE, ...options });
}

/** Why a program cannot be driven here; never so where everything is to be installed. */
export function skipWithout(program: string): string | false {
  if (process.env['CI'] !== undefined || findProgram(program) !== undefined) return false;
  process.stderr.write(`Not tested: there is no ${program} on this machine.\n`);
  return `there is no ${program}`;
}

export function isSocketThere(task: TaskSnapshot): boolean {
  return task.terminal?.socket !== undefined && existsSync(task.terminal.socket);
}
