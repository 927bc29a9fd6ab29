import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The part of node:test's context that we need; `describe`-level `after` fits as well. */
export interface Cleanup {
  after(cleanUp: () => Promise<void>): void;
}

/**
 * Makes a directory for one test and removes it when the test is over. The path is the real one, as
 * the temporary directory is a link on some systems and code under test resolves links.
 */
export async function tempDir(test: Cleanup, prefix = 'holdfast-'): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), prefix)));
  test.after(async () => {
    // A process on its way out may still write: removing is tried again for a moment.
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  return directory;
}
