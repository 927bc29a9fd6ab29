import { rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bundle } from './bundle.ts';

let built: Promise<string> | undefined;

/** The entry of the search's threads as esbuild.mjs bundles it, but beside nobody else's build. Made once a process. */
export function indexerBundle(): Promise<string> {
  return (built ??= buildIndexer());
}

async function buildIndexer(): Promise<string> {
  const prefix = path.join(os.tmpdir(), 'holdfast-indexer-');
  const directory = await realpath(await mkdtemp(prefix));
  // All tests of a file share it, and a hook added now would belong to the first of them.
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const outfile = path.join(directory, 'indexer.cjs');
  await bundle(path.resolve(import.meta.dirname, '../../src/indexer/main.ts'), outfile);
  return outfile;
}
