import { spawn } from 'node:child_process';
import path from 'node:path';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { bundle } from '../../support/bundle.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

/** More calls than any of the modes makes. */
const MAX_CALLS = 400;

/** Bundles the face once for all its runs; one of these takes a tenth of a second then. */
export async function buildFace(test: Cleanup, program = 'faceProgram.ts'): Promise<string> {
  // Bundled as CommonJS, so that the calls go through the module objects that the face changes.
  const outfile = path.join(await tempDir(test), 'face.cjs');
  const source = path.join(import.meta.dirname, program);
  await bundle(source, outfile);
  return outfile;
}

/** Runs a face that dies at its n-th call (0: at none); tells whether it died. Any other failure is thrown. */
export function runFace(
  program: string,
  host: TaskHost,
  mode: string,
  lastCall: number,
): Promise<boolean> {
  return startFace(program, host, mode, lastCall).ended;
}

/** The same, for who ends it. */
export function startFace(
  program: string,
  host: TaskHost,
  mode: string,
  lastCall = 0,
): { readonly pid: number; readonly ended: Promise<boolean> } {
  const place = {
    home: host.workspace.home,
    folder: host.workspace.folder,
    scriptsDirectory: host.scriptsDirectory,
  };
  const face = spawn(process.execPath, [program, mode, String(lastCall), JSON.stringify(place)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: host.environment,
  });
  let message = '';
  face.stderr.setEncoding('utf8').on('data', (text: string) => (message += text));
  const ended = new Promise<boolean>((resolve, reject) => {
    face.once('error', reject);
    face.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`the face failed at call ${lastCall}: ${message}`));
    });
  });
  return { pid: face.pid ?? 0, ended };
}

/** Kills a face at its first call, at its second, … until one gets through; `check` looks after each death. */
export async function killAtEveryCall(
  runAndCheck: (lastCall: number) => Promise<boolean>,
): Promise<number> {
  for (let call = 1; call < MAX_CALLS; call += 1) {
    if (!(await runAndCheck(call))) return call - 1;
  }
  throw new Error(`the face never got through in ${MAX_CALLS} calls`);
}
