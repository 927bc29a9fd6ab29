import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE } from '../common/atomicFile.ts';
import type { Workspace } from '../store/workspace.ts';
import { ensureDirectory, namesIn } from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';

/** Of longer files, only version control has earlier versions. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_KEPT_BYTES = 64 * 1024 * 1024;
const MAX_KEPT_FILES = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const HASH = /^[0-9a-f]{64}$/;
/** What such files hold is nobody else's business, not even that of a copy. */
const SECRET_FILE =
  /^(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.htpasswd|id_[a-z0-9]+|.*\.(pem|key|p12|pfx|jks|kdbx|keystore|tfvars)|(.*[._-])?(secrets?|credentials?|tokens?)([._-].*)?)$/i;

/**
 * Keeps what a file holds when a session touches it, to show later what has changed since. Text of moderate length
 * only, and nothing that looks like a file of secrets. Says whether it is kept. Fails in silence: the file itself is there.
 * @param hash the SHA-256 of its content, in hex, as the journal has it.
 */
export function keepVersion(host: SessionHost, file: string, hash: string): boolean {
  if (!HASH.test(hash) || SECRET_FILE.test(path.basename(file))) return false;
  const kept = versionFile(host.workspace, hash);
  try {
    const now = host.clock.now() / 1000;
    if (statSync(kept, { throwIfNoEntry: false }) !== undefined) {
      utimesSync(kept, now, now);
      return true;
    }
    if (statSync(file).size > MAX_FILE_BYTES) return false;
    const content = readFileSync(file);
    // It may have been written again since.
    if (content.includes(0) || hashOf(content) !== hash) return false;
    ensureDirectory(path.dirname(kept));
    const temporary = `${kept}.${randomBytes(6).toString('hex')}.tmp`;
    writeFileSync(temporary, content, { mode: PRIVATE_FILE_MODE, flag: 'wx' });
    utimesSync(temporary, now, now);
    renameSync(temporary, kept);
    return true;
  } catch (error) {
    host.log.debug('version.notKept', { error });
    return false;
  }
}

/** The text that had this SHA-256 when a session touched its file; undefined when it is not kept any more. */
export function readKeptVersion(workspace: Workspace, hash: string): string | undefined {
  if (!HASH.test(hash)) return undefined;
  try {
    const content = readFileSync(versionFile(workspace, hash));
    return hashOf(content) === hash ? content.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes the versions that no session has touched for so long, and of too many or too large ones the oldest.
 * @throws HoldfastError `file.unreadable`.
 */
export function sweepVersions({ workspace, clock }: SessionHost, maxAgeDays: number): void {
  const directory = versionsDirectory(workspace);
  const kept = namesIn(directory).flatMap((name) => {
    const file = path.join(directory, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ file, sizeBytes: stat.size, touchedMs: stat.mtimeMs }];
  });
  kept.sort((a, b) => b.touchedMs - a.touchedMs);
  const oldestMs = clock.now() - maxAgeDays * DAY_MS;
  let keptBytes = 0;
  for (const [index, { file, sizeBytes, touchedMs }] of kept.entries()) {
    keptBytes += sizeBytes;
    const isOver = index >= MAX_KEPT_FILES || keptBytes > MAX_KEPT_BYTES;
    if (isOver || touchedMs < oldestMs) rmSync(file, { force: true });
  }
}

function versionsDirectory(workspace: Workspace): string {
  return path.join(workspace.directory, 'versions');
}

function versionFile(workspace: Workspace, hash: string): string {
  return path.join(versionsDirectory(workspace), hash);
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
