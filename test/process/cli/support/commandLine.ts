import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildScripts } from '../../conformance/variant.ts';
import { bundle } from '../../../support/bundle.ts';
import { endHomeProcesses, HOME_MARK } from '../../../support/homeProcesses.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built command line with a home and a workspace of its own; what it starts is ended with the test. */
export interface CommandLine {
  readonly home: string;
  readonly workspace: string;
  /** The script, and the environment of a call, for those who start it in a terminal. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  call(args: readonly string[], options?: CallOptions): Promise<Ended>;
  /** Calls with `--json`, expects success, and gives what was printed. */
  json(args: readonly string[], options?: CallOptions): Promise<unknown>;
  spawn(args: readonly string[], options?: CallOptions): ChildProcessWithoutNullStreams;
}

let built: Promise<string> | undefined;

/** The entry of the command line, with all that it needs beside it. Made once a process. */
export function builtCommandLine(): Promise<string> {
  return (built ??= buildCommandLine());
}

export async function commandLine(test: Cleanup): Promise<CommandLine> {
  const entry = await builtCommandLine();
  // Hooks run in the order in which they were added: this one must come before the directories go.
  const made: { home?: string } = {};
  test.after(async () => {
    if (made.home !== undefined) await endHomeProcesses(made.home);
  });
  // In a directory of its own: what Claude Code needs lies beside it.
  const home = path.join(await tempDir(test, 'holdfast-home-'), 'home');
  await mkdir(home, { mode: 0o700 });
  made.home = home;
  const workspace = await tempDir(test, 'holdfast-work-');

  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOLDFAST_HOME: home,
    [HOME_MARK]: home,
  };
  const spawnCall = (
    args: readonly string[],
    options: CallOptions = {},
  ): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [entry, ...args], {
      cwd: options.cwd ?? workspace,
      env: { ...environment, ...options.env },
    });
  const call = (args: readonly string[], options?: CallOptions): Promise<Ended> =>
    untilEnded(spawnCall(args, options));
  return {
    home,
    workspace,
    entry,
    environment,
    call,
    spawn: spawnCall,
    json: async (args, options) => {
      const [command = '', ...rest] = args;
      const ended = await call([command, '--json', ...rest], options);
      assert.equal(ended.exitCode, 0, ended.stderr);
      return JSON.parse(ended.stdout) as unknown;
    },
  };
}

export async function untilEnded(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdin.end();
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return {
    exitCode,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
}

/** As esbuild.mjs does it, but beside nobody else's build; what a test file measures should not wait for tsx. */
async function buildCommandLine(): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'holdfast-cli-')));
  // All tests of a file share it, and a hook added now would belong to the first of them.
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const dist = path.join(directory, 'dist');
  await buildScripts(dist);
  for (const name of ['tree-sitter.wasm', 'tree-sitter-bash.wasm']) {
    await cp(
      path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm', name),
      path.join(dist, name),
    );
  }
  await cp(path.join(root, 'package.json'), path.join(directory, 'package.json'));
  const outfile = path.join(dist, 'cli.cjs');
  await bundle(path.join(root, 'src/cli/main.ts'), outfile);
  return outfile;
}
