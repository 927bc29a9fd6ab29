import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  PRIVATE_DIRECTORY_MODE,
  PRIVATE_EXECUTABLE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { readSmallFileSync } from '../common/jsonFile.ts';
import { ensureHome } from './home.ts';

export interface LauncherTarget {
  /** The Node that the extension runs on; in desktop VS Code an Electron that `ELECTRON_RUN_AS_NODE` turns into Node. */
  readonly nodeExecutable: string;
  readonly cliScript: string;
}

/** The directory with the command `holdfast`, for `PATH`. Its path never changes, so other programs may name it. */
export function launcherDirectory(home: string): string {
  return path.join(home, 'bin');
}

/**
 * Makes `holdfast` in the home's `bin` start the command line of the extension that is installed now.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function refreshLauncher(
  home: string,
  target: LauncherTarget,
  platform: NodeJS.Platform = process.platform,
): void {
  ensureHome(home);
  const directory = launcherDirectory(home);
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating the directory ${directory}`, error);
  }
  // Windows has shells of both kinds.
  replaceIfDifferent(path.join(directory, 'holdfast'), shellLauncher(target));
  if (platform === 'win32') {
    replaceIfDifferent(path.join(directory, 'holdfast.cmd'), batchLauncher(target));
  }
}

export function shellLauncher({ nodeExecutable, cliScript }: LauncherTarget): string {
  return `#!/bin/sh
# Written by the Holdfast extension whenever a window opens.
node=${quoteForShell(nodeExecutable)}
script=${quoteForShell(cliScript)}
if [ ! -f "$script" ]; then
  echo "holdfast: the extension is not at $script any more." >&2
  echo "Open a window with Holdfast installed: that writes this launcher anew." >&2
  exit 1
fi
# Claude Code waits for the answer to a hook, or calls it often: these are quicker to load.
case "\${1:-} \${2:-} $#" in
'hook mirror 3') part=\${script%/*}/guard.cjs ;;
hook*' 2') part=\${script%/*}/hook.cjs ;;
*) part= ;;
esac
if [ -f "$part" ]; then
  script=$part
  # Node would load a bundle of certificates, and what else its user wants of it, before the answer that needs neither.
  unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
fi
if [ -x "$node" ]; then
  ELECTRON_RUN_AS_NODE=1 exec "$node" "$script" "$@"
fi
if command -v node >/dev/null 2>&1; then
  exec node "$script" "$@"
fi
echo "holdfast: neither $node nor a node on PATH is there to run it." >&2
echo "Open a window with Holdfast installed, or install Node.js 20 or later." >&2
exit 1
`;
}

export function batchLauncher({ nodeExecutable, cliScript }: LauncherTarget): string {
  return [
    '@echo off',
    'rem Written by the Holdfast extension whenever a window opens.',
    'setlocal',
    `set "HOLDFAST_NODE=${escapeForBatch(nodeExecutable)}"`,
    `set "HOLDFAST_SCRIPT=${escapeForBatch(cliScript)}"`,
    'if not exist "%HOLDFAST_SCRIPT%" (',
    '  echo holdfast: the extension is not at %HOLDFAST_SCRIPT% any more. 1>&2',
    '  echo Open a window with Holdfast installed: that writes this launcher anew. 1>&2',
    '  exit /b 1',
    ')',
    'if not exist "%HOLDFAST_NODE%" set "HOLDFAST_NODE=node"',
    'set ELECTRON_RUN_AS_NODE=1',
    '"%HOLDFAST_NODE%" "%HOLDFAST_SCRIPT%" %*',
    'exit /b %ERRORLEVEL%',
    '',
  ].join('\r\n');
}

/** Every window that opens comes here; a shell may be reading the file just now. */
function replaceIfDifferent(file: string, text: string): void {
  let existing: string | undefined;
  try {
    existing = readSmallFileSync(file);
  } catch (error) {
    if (!HoldfastError.is(error, 'file.unreadable')) throw error;
  }
  if (existing !== text) writeFileAtomicSync(file, text, { mode: PRIVATE_EXECUTABLE_MODE });
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A per cent sign begins a variable in a batch file. */
function escapeForBatch(text: string): string {
  return text.replaceAll('%', '%%');
}
