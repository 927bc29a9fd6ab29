import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import type { KeeperKind, TaskSnapshot } from '../../../src/core/tasks/types.ts';
import {
  createTaskHost,
  keeperSources,
  start,
  type RequestOptions,
  type TaskHostOptions,
} from '../../support/taskHost.ts';
import { bundle } from '../../support/bundle.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

/** One way of keeping a task that has to pass the conformance suite. */
export interface KeeperVariant {
  readonly title: string;
  readonly keeper: KeeperKind;
  /** Its commands have a terminal for standard input and output. */
  readonly hasTerminal: boolean;
  /** Why it cannot be tried on this machine. */
  readonly skip: string | false;
  createHost(test: Cleanup, options?: TaskHostOptions): Promise<TaskHost>;
  start(
    host: TaskHost,
    command: string | readonly string[],
    options?: RequestOptions,
  ): Promise<TaskSnapshot>;
}

/** keeper.sh under one shell; watch.sh, stop.sh and every `sh` of a command then run under it as well. */
export function shellVariant(title: string, program: string): KeeperVariant {
  const executable = findProgram(program);
  return {
    title: `the sh keeper under ${title}`,
    keeper: 'sh',
    hasTerminal: false,
    skip: executable === undefined && missing(program),
    async createHost(test, options) {
      const bin = await tempDir(test);
      const shell = path.join(bin, 'sh');
      symlinkSync(executable ?? '', shell);
      const environment = options?.environment ?? process.env;
      return createTaskHost(test, {
        keeperShell: shell,
        ...options,
        environment: { ...environment, PATH: `${bin}:${environment['PATH'] ?? ''}` },
      });
    },
    start: (host, command, options) => start(host, command, { keeper: 'sh', ...options }),
  };
}

/** keeper.cjs, bundled from the sources as it ships. */
export function nodeVariant(): KeeperVariant {
  return {
    title: 'the Node keeper',
    keeper: 'node',
    hasTerminal: false,
    skip: !existsSync(path.join(keeperSources, 'main.ts')) && 'there is no src/keeper/main.ts',
    async createHost(test, options) {
      const scriptsDirectory = path.join(await tempDir(test), 'keeper');
      await buildScripts(scriptsDirectory);
      return createTaskHost(test, { scriptsDirectory, ...options });
    },
    start: (host, command, options) => start(host, command, { keeper: 'node', ...options }),
  };
}

/** The same keeper with a terminal, which here leaves the bytes as they are: elsewhere it makes CR LF of LF. */
export function terminalVariant(): KeeperVariant {
  return {
    ...nodeVariant(),
    title: 'the Node keeper with a terminal',
    hasTerminal: true,
    start: (host, command, options) =>
      start(host, command, {
        terminal: { columns: 80, rows: 24 },
        wrapper: ['sh', '-c', 'stty -opost && exec "$@"', 'sh'],
        ...options,
      }),
  };
}

export async function buildScripts(directory: string): Promise<void> {
  mkdirSync(directory);
  // What has native parts is not in the bundle.
  symlinkSync(
    path.resolve(keeperSources, '../../node_modules'),
    path.join(directory, 'node_modules'),
  );
  for (const name of readdirSync(keeperSources).filter((file) => file.endsWith('.sh'))) {
    copyFileSync(path.join(keeperSources, name), path.join(directory, name));
  }
  await bundle(path.join(keeperSources, 'main.ts'), path.join(directory, 'keeper.cjs'));
}

/** On a build machine a missing shell is a fault of its setup, not a reason to test less. */
function missing(program: string): string | false {
  if (process.env['CI'] !== undefined) return false;
  process.stderr.write(`Not tested: there is no ${program} on this machine.\n`);
  return `there is no ${program}`;
}

export function findProgram(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, program))
    .find((file) => existsSync(file));
}
