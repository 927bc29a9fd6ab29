import { createRequire } from 'node:module';
import path from 'node:path';
import { HoldfastError } from '../common/errors.ts';

const PACKAGE = '@lydell/node-pty';
/** What was built for this system. It lies beside the scripts in packages for one platform, and is missing in others. */
const BINARY_PACKAGE = `${PACKAGE}-${process.platform}-${process.arch}`;

/** The part of the native module that we use, on POSIX systems (node-pty, src/unix/pty.cc). */
export interface PtyBinding {
  fork(
    file: string,
    argv: readonly string[],
    environment: readonly string[],
    cwd: string,
    columns: number,
    rows: number,
    userId: number,
    groupId: number,
    isUtf8: boolean,
    helperPath: string,
    onExit: (exitCode: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number; readonly pty: string };
  resize(descriptor: number, columns: number, rows: number): void;
}

/**
 * Looks for the native module as the keeper in that directory will.
 * @throws HoldfastError `terminal.unavailable`.
 */
export function requireTerminals(scriptsDirectory: string): void {
  const keeper = path.join(scriptsDirectory, 'keeper.cjs');
  try {
    const { resolve } = createRequire(keeper);
    resolve(`${BINARY_PACKAGE}/package.json`);
    resolve(PACKAGE);
  } catch (error) {
    throw new HoldfastError('terminal.unavailable', `there is no ${BINARY_PACKAGE}`, {
      data: { platform: process.platform, arch: process.arch },
      cause: error,
    });
  }
}

const load = createRequire(import.meta.url);

/** The native functions, and the program that macOS needs to start others in a terminal. */
export function loadPtyBinding(): { binding: PtyBinding; helperPath: string } {
  const helperPath =
    process.platform === 'darwin' ? load.resolve(`${BINARY_PACKAGE}/spawn-helper`) : '';
  return { binding: load(`${BINARY_PACKAGE}/pty.node`) as PtyBinding, helperPath };
}

export function loadNodePty(): typeof import('@lydell/node-pty') {
  return load(PACKAGE) as typeof import('@lydell/node-pty');
}
