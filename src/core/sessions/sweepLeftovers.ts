import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { carryOver } from './carryOver.ts';
import {
  findJournal,
  idOfJournal,
  namesIn,
  sessionFilesOf,
  sessionsDirectory,
} from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';

/** Nobody is that long about writing a file. */
const MIN_AGE_MS = 60 * 60 * 1000;
const UNFINISHED = /\.[0-9a-f]{12}\.tmp$/;
const REPLACED = /^(.+)\.[0-9a-f]{12}\.replaced$/;

/**
 * Takes away what processes have left behind that were killed while they replaced a file. Lines that were written into
 * a replaced journal at the last moment are carried over first.
 */
export function sweepLeftovers(host: SessionHost): void {
  const directory = sessionsDirectory(host.workspace);
  for (const name of namesIn(directory)) {
    const journal = REPLACED.exec(name)?.[1];
    if (journal === undefined && !UNFINISHED.test(name)) continue;
    const file = path.join(directory, name);
    // Not the time of the last change: a replaced journal has that of its last line.
    const ctimeMs = statSync(file, { throwIfNoEntry: false })?.ctimeMs;
    if (ctimeMs === undefined || host.clock.now() - ctimeMs < MIN_AGE_MS) continue;
    const id = journal === undefined ? undefined : idOfJournal(journal);
    if (id !== undefined) {
      const files = sessionFilesOf(host.workspace, id);
      if (findJournal(files) !== undefined) carryOver(files, file);
    }
    rmSync(file, { force: true });
  }
}
