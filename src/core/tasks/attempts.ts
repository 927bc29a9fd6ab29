import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { createFileSync, PRIVATE_DIRECTORY_MODE, storeError } from '../common/atomicFile.ts';
import { HoldfastError, systemErrorCode } from '../common/errors.ts';
import { readJsonSync } from '../common/jsonFile.ts';
import { isAlive, ownIdentity } from '../processes/identity.ts';
import { attemptRecordSchema, claimRecordSchema } from './records.ts';
import type { TaskDirectory } from './taskDirectory.ts';

/**
 * The runs of a task. `attempts/<n>` has the records of one that is over, with `attempt.json` written last: until then
 * the current run is that one still, claimed by whoever restarts the task.
 */

const RECORD = 'attempt.json';
const CLAIM = 'claim.json';
/** What rename(2) says when another directory with something in it lies there. */
const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', ...(process.platform === 'win32' ? ['EPERM'] : [])]);

/** How manieth run the records at the top of a task's directory are of. */
export function currentAttempt(files: TaskDirectory): number {
  const last = numbersIn(files).findLast((number) => existsSync(inAttempt(files, number, RECORD)));
  return 1 + (last ?? 0);
}

/**
 * Claims the place for the records of the current run. It comes into being with its claim in it, by rename(2), so that
 * one of several restarts gets through, before it ends anything: the others would end what it starts. What a restart
 * that died half-way has claimed stays empty, and the next number is taken.
 * @returns its directory.
 * @throws HoldfastError `task.restartInProgress` unless `attempt` is the current one and nobody else restarts it.
 */
export function claimAttempt(files: TaskDirectory, attempt: number): string {
  const claim = path.join(files.attempts, `claim-${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(claim, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    createFileSync(path.join(claim, CLAIM), `${JSON.stringify({ v: 1, by: ownIdentity() })}\n`);
    const newest = numbersIn(files).at(-1) ?? 0;
    if (isClaimed(files, newest) || currentAttempt(files) !== attempt) throw inProgress(files);
    const directory = path.join(files.attempts, String(newest + 1));
    if (existsSync(directory)) throw inProgress(files);
    renameSync(claim, directory);
    return directory;
  } catch (error) {
    rmSync(claim, { recursive: true, force: true });
    if (HoldfastError.is(error)) throw error;
    if (TAKEN.has(systemErrorCode(error) ?? '')) throw inProgress(files);
    throw storeError(`creating ${claim}`, error);
  }
}

/** Moves the records of the run that is over to the place that was claimed for them. */
export function archiveAttempt(files: TaskDirectory, directory: string): void {
  const record = {
    v: 1,
    fromOffset: endOfAttempt(files, currentAttempt(files) - 1),
    toOffset: statSync(files.output, { throwIfNoEntry: false })?.size ?? 0,
  };
  const written = path.join(directory, `${RECORD}.part`);
  try {
    createFileSync(written, `${JSON.stringify(record)}\n`);
    // From now on the task counts as starting; ending it may have taken long.
    const now = new Date();
    utimesSync(files.attempts, now, now);
    for (const file of [files.stop, files.exit, files.keeper]) {
      if (existsSync(file)) renameSync(file, path.join(directory, path.basename(file)));
    }
    renameSync(written, path.join(directory, RECORD));
  } catch (error) {
    throw error instanceof HoldfastError ? error : storeError(`archiving ${directory}`, error);
  } finally {
    // What could not be archived is nobody's claim any more.
    rmSync(path.join(directory, CLAIM), { force: true });
  }
}

/** Where the output of an earlier run ends, in bytes; 0 when that is not known. */
export function endOfAttempt(files: TaskDirectory, attempt: number): number {
  const record = readJsonSync(inAttempt(files, attempt, RECORD), attemptRecordSchema);
  return record.kind === 'ok' ? record.value.toOffset : 0;
}

/** The places for earlier runs, in their order. */
export function numbersIn({ attempts }: TaskDirectory): number[] {
  let names: string[] = [];
  try {
    names = readdirSync(attempts);
  } catch {
    // It was never restarted.
  }
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return numbers.sort((a, b) => a - b);
}

function isClaimed(files: TaskDirectory, number: number): boolean {
  const claim = readJsonSync(inAttempt(files, number, CLAIM), claimRecordSchema);
  const isOpen = claim.kind === 'ok' && !existsSync(inAttempt(files, number, RECORD));
  return isOpen && isAlive(claim.value.by);
}

function inAttempt(files: TaskDirectory, number: number, name: string): string {
  return path.join(files.attempts, String(number), name);
}

function inProgress(files: TaskDirectory): HoldfastError {
  return new HoldfastError(
    'task.restartInProgress',
    `${path.basename(files.path)} is being restarted already`,
  );
}
