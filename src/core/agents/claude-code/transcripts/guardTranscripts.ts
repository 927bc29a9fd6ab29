import { existsSync, readFileSync, rmSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { HoldfastError, systemErrorCode } from '../../../common/errors.ts';
import { isWithin, projectsDirectory } from './claudeDirectory.ts';
import { isEnded, listDamage, readEnd, type Damage } from './damage.ts';
import type { GuardHost } from './guardHost.ts';
import { guardTranscript, isIdleAt, noteEnd, type GuardOutcome } from './guardTranscript.ts';
import {
  listGenerations,
  listMirrors,
  readSource,
  removeGeneration,
  type Mirror,
} from './mirror.ts';
import { packGeneration, unpackGeneration } from './packMirror.ts';
import {
  isSameState,
  listTranscriptFiles,
  namesIn,
  type TranscriptFile,
} from './transcriptFiles.ts';
import { parseTranscriptLine } from './transcriptLine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Claude Code's own default. */
const CLEANUP_DAYS = 30;
const SWEEP_INTERVAL_MS = 60 * 60 * 1000;
/** A draft of somebody who was killed. */
const STALE_DRAFT_MS = 60 * 60 * 1000;

/** Remembers between two runs of one process what was looked at, so that the second one need not. */
export class GuardMemory {
  /** When each transcript was looked at, and what it was then. */
  readonly files = new Map<string, { readonly file: TranscriptFile; readonly atMs: number }>();
  damage: readonly Damage[] = [];
  /** When all copies were last looked through. */
  sweptMs = -Infinity;
}

export interface GuardOptions {
  readonly memory?: GuardMemory;
  /** How long a copy that has ended is kept; without it all are. */
  readonly retentionDays?: number;
  readonly signal?: AbortSignal;
}

export interface GuardReport {
  readonly transcripts: number;
  readonly copied: number;
  /** All damage that there is a copy for, told or not. */
  readonly damage: readonly Damage[];
}

/**
 * Looks after all transcripts: copies what was added since, and notes what was cut, rewritten or deleted. Never changes
 * anything of Claude's. Cheap where nothing has changed; any process may call it at any time.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `home.unsafe`; the signal's reason.
 */
export async function guardTranscripts(
  host: GuardHost,
  options: GuardOptions = {},
): Promise<GuardReport> {
  const { memory = new GuardMemory(), signal, retentionDays = Infinity } = options;
  const files = listTranscriptFiles(host.claudeDirectory).sort((a, b) => b.mtimeMs - a.mtimeMs);
  let copied = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    const atMs = host.clock.now();
    if (isSettled(memory, file, atMs)) continue;
    const outcome = await tryGuard(host, file);
    if (outcome !== undefined) memory.files.set(file.path, { file, atMs });
    if (outcome !== 'unchanged') copied += 1;
  }
  const present = new Set(files.map((file) => file.path));
  const hasVanished = [...memory.files.keys()].some((transcript) => !present.has(transcript));
  const nowMs = host.clock.now();
  const isSweepDue = nowMs - memory.sweptMs > SWEEP_INTERVAL_MS;
  if (hasVanished || isSweepDue) {
    await noteDeleted(host, present);
    for (const transcript of memory.files.keys()) {
      if (!present.has(transcript)) memory.files.delete(transcript);
    }
  }
  if (isSweepDue) {
    await pruneMirrors(host, retentionDays);
    memory.sweptMs = nowMs;
  }
  if (copied > 0 || hasVanished || isSweepDue) memory.damage = listDamage(host.home);
  return { transcripts: files.length, copied, damage: memory.damage };
}

/**
 * Undefined where that did not work out: it cannot be read, or another process is packing its copy at this moment. It
 * keeps nobody from the others. @throws HoldfastError `disk.full`, `home.notWritable`, `home.unsafe`.
 */
async function tryGuard(host: GuardHost, file: TranscriptFile): Promise<GuardOutcome | undefined> {
  try {
    return await guardTranscript(host, file);
  } catch (error) {
    const isTheirs = systemErrorCode(error) !== undefined;
    if (!isTheirs && !HoldfastError.is(error, 'file.unreadable')) throw error;
    host.log.warn('transcript.notGuarded', { id: file.id, error: String(error) });
    return undefined;
  }
}

/** A transcript that has not changed is looked at once more when it has become idle. */
function isSettled({ files }: GuardMemory, file: TranscriptFile, nowMs: number): boolean {
  const known = files.get(file.path);
  if (known === undefined || !isSameState(known.file, file)) return false;
  return isIdleAt(known.atMs, file) || !isIdleAt(nowMs, file);
}

/** Of copies whose transcript has gone, notes that. */
async function noteDeleted(host: GuardHost, present: ReadonlySet<string>): Promise<void> {
  let cleanupDays: number | undefined;
  for (const mirror of listMirrors(host.home)) {
    const source = readSource(mirror);
    if (source === undefined || present.has(source.path) || existsSync(source.path)) continue;
    if (!isWithin(source.path, projectsDirectory(host.claudeDirectory))) continue;
    const latest = listGenerations(mirror).at(-1);
    if (latest === undefined || isEnded(mirror, latest)) continue;
    cleanupDays ??= readCleanupDays(host.claudeDirectory);
    const isRetention = host.clock.now() - source.mtimeMs >= cleanupDays * DAY_MS;
    const plain = await unpackGeneration(mirror, latest);
    noteEnd(host, mirror, plain, { kind: 'deleted', isRetention });
    await packGeneration(mirror, plain);
  }
}

/**
 * Deletes copies whose end the user was told of, or has asked for, longer ago than the retention. As long as the
 * transcript is there the newest copy stays, too.
 */
async function pruneMirrors(host: GuardHost, retentionDays: number): Promise<void> {
  const nowMs = host.clock.now();
  for (const mirror of listMirrors(host.home)) {
    sweepDrafts(mirror, nowMs);
    for (const generation of listGenerations(mirror)) {
      const end = isEnded(mirror, generation) ? readEnd(mirror, generation.number) : undefined;
      if (end === undefined) continue;
      if (nowMs - end.atMs > retentionDays * DAY_MS) removeGeneration(mirror, generation);
      else if (!generation.isPacked) await packGeneration(mirror, generation);
    }
    if (listGenerations(mirror).length === 0) removeIfOver(mirror);
  }
}

function removeIfOver(mirror: Mirror): void {
  const source = readSource(mirror);
  if (source === undefined || existsSync(source.path)) return;
  rmSync(mirror.directory, { recursive: true, force: true });
  try {
    rmdirSync(path.dirname(mirror.directory));
  } catch {
    // Other transcripts of this project have copies.
  }
}

function sweepDrafts({ directory }: Mirror, nowMs: number): void {
  for (const name of namesIn(directory).filter((entry) => entry.endsWith('.tmp'))) {
    const draft = path.join(directory, name);
    const stat = statSync(draft, { throwIfNoEntry: false });
    if (stat !== undefined && nowMs - stat.mtimeMs > STALE_DRAFT_MS) rmSync(draft, { force: true });
  }
}

function readCleanupDays(claudeDirectory: string): number {
  try {
    const settings = parseTranscriptLine(readFileSync(path.join(claudeDirectory, 'settings.json')));
    const days = settings?.['cleanupPeriodDays'];
    return typeof days === 'number' && days > 0 ? days : CLEANUP_DAYS;
  } catch {
    return CLEANUP_DAYS;
  }
}
