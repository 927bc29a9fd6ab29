import { closeSync, fstatSync, openSync } from 'node:fs';
import { ensureHome } from '../../../store/home.ts';
import { ensureDirectory } from '../../../sessions/sessionFiles.ts';
import { copyRest, copyToNewFile, haveSameStart } from './copyBytes.ts';
import { isEnded, readEnd, removeEnd, writeEnd, type EndKind } from './damage.ts';
import type { GuardHost } from './guardHost.ts';
import {
  generationPath,
  listGenerations,
  mirrorOf,
  readSource,
  removeGeneration,
  writeSource,
  type Generation,
  type Mirror,
  type MirrorSource,
} from './mirror.ts';
import { packGeneration, unpackGeneration } from './packMirror.ts';
import { copySideFiles } from './sideFiles.ts';
import { isSameState, statTranscript, type TranscriptFile } from './transcriptFiles.ts';
import { whatVanished } from './vanished.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What looking after one transcript found. */
export type GuardOutcome = 'unchanged' | 'copied' | 'damaged' | 'gone';

/**
 * Copies what was added to a transcript since the last time. One that was cut or rewritten begins a new copy, and what
 * it lost is noted. May be called by any number of processes, which may be killed at any instruction.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `home.unsafe`, `file.unreadable`.
 */
export async function guardTranscript(
  host: GuardHost,
  transcript: TranscriptFile | string,
): Promise<GuardOutcome> {
  const file = typeof transcript === 'string' ? statTranscript(transcript) : transcript;
  if (file === undefined) return 'gone';
  const mirror = mirrorOf(host.home, file);
  const source = readSource(mirror);
  const isKnown = source !== undefined && source.path === file.path && isSameState(source, file);
  const isIdle = isIdleAt(host.clock.now(), file);
  // Before it is packed a copy is compared once more, whole.
  if (isKnown && (!isIdle || source.comparedMs > file.mtimeMs)) {
    if (isIdle) await packAll(mirror);
    return 'unchanged';
  }
  ensureHome(host.home);
  ensureDirectory(mirror.directory);
  const descriptor = tryOpen(file.path);
  if (descriptor === undefined) return 'gone';
  try {
    const isWhole = isIdle || needsWholeComparison(host, file, source);
    const outcome = await takeIn(host, { mirror, file, descriptor, isWhole });
    copySideFiles(mirror, file.path);
    if (isIdle) await packAll(mirror);
    writeSource(mirror, file, isWhole ? host.clock.now() : (source?.comparedMs ?? 0));
    return outcome;
  } finally {
    closeSync(descriptor);
  }
}

/** Nothing has been added to it for a day: its copy is packed. */
export function isIdleAt(nowMs: number, { mtimeMs }: Pick<TranscriptFile, 'mtimeMs'>): boolean {
  return nowMs - mtimeMs >= DAY_MS;
}

interface Intake {
  readonly mirror: Mirror;
  readonly file: TranscriptFile;
  readonly descriptor: number;
  readonly isWhole: boolean;
}

async function takeIn(host: GuardHost, intake: Intake): Promise<GuardOutcome> {
  const { mirror, descriptor, isWhole } = intake;
  const latest = listGenerations(mirror).at(-1);
  // After the copy's size is known: another process may copy more at any time, of a transcript that grows meanwhile. What
  // it has more than `file` is looked at again, since the state that is noted is the earlier one.
  const { size } = fstatSync(descriptor);
  if (latest === undefined) {
    if (size > 0) copyToNewFile(descriptor, size, generationPath(mirror, 1));
    return 'copied';
  }
  const plain = await unpackGeneration(mirror, latest);
  if (goesOnWith(plain, intake, size)) {
    copyRest(descriptor, size, plain.path, plain.sizeBytes);
    if (isEnded(mirror, plain)) removeEnd(mirror, plain.number);
    if (isWhole) await settleEarlier(host, mirror, plain);
    return 'copied';
  }
  if (size === 0) {
    noteEnd(host, mirror, plain, { kind: 'truncated' });
    return 'damaged';
  }
  const next = {
    ...plain,
    number: plain.number + 1,
    path: generationPath(mirror, plain.number + 1),
  };
  copyToNewFile(descriptor, size, next.path);
  return (await settleEarlier(host, mirror, next)) ? 'damaged' : 'copied';
}

/** Each earlier copy is needed only for what the newest does not have. Says whether anything is missing there. */
async function settleEarlier(
  host: GuardHost,
  mirror: Mirror,
  newest: Generation,
): Promise<boolean> {
  let isMissing = false;
  for (const earlier of listGenerations(mirror)) {
    if (earlier.number >= newest.number) continue;
    const plain = await unpackGeneration(mirror, earlier);
    const vanished = whatVanished(plain.path, newest.path);
    if (vanished.lines === 0) {
      removeGeneration(mirror, plain);
      continue;
    }
    isMissing = true;
    const kind = isStartOf(newest.path, plain.path) ? 'truncated' : 'rewritten';
    noteEnd(host, mirror, plain, { kind, present: newest.path });
  }
  return isMissing;
}

/** Notes why a copy has ended, unless that is known. */
export function noteEnd(
  host: GuardHost,
  mirror: Mirror,
  generation: Generation,
  about: { kind: EndKind; present?: string; isRetention?: boolean },
): void {
  if (readEnd(mirror, generation.number) !== undefined) return;
  const { kind, present, isRetention } = about;
  const { fromMs, toMs, ...rest } = whatVanished(generation.path, present);
  const vanished = {
    ...rest,
    prompts: [...rest.prompts],
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
  const atMs = host.clock.now();
  writeEnd(mirror, generation.number, {
    kind,
    atMs,
    vanished,
    ...(isRetention === undefined ? {} : { isRetention }),
  });
  host.log.warn('transcript.damaged', { id: mirror.id, kind, lines: vanished.lines });
}

async function packAll(mirror: Mirror): Promise<void> {
  for (const generation of listGenerations(mirror)) await packGeneration(mirror, generation);
}

function goesOnWith(copy: Generation, { descriptor, isWhole }: Intake, sizeBytes: number): boolean {
  if (sizeBytes < copy.sizeBytes) return false;
  const other = openSync(copy.path, 'r');
  try {
    return haveSameStart(descriptor, other, copy.sizeBytes, isWhole);
  } finally {
    closeSync(other);
  }
}

/** What is only added to keeps its inode and grows; anything else is looked at closely, and everything once a day. */
function needsWholeComparison(
  host: GuardHost,
  file: TranscriptFile,
  source: MirrorSource | undefined,
): boolean {
  if (source === undefined || source.inode !== file.inode) return true;
  if (file.sizeBytes <= source.sizeBytes) return true;
  return host.clock.now() - source.comparedMs > DAY_MS;
}

function isStartOf(shorter: string, longer: string): boolean {
  const [a, b] = [openSync(shorter, 'r'), openSync(longer, 'r')];
  try {
    const { size } = fstatSync(a);
    return size < fstatSync(b).size && haveSameStart(a, b, size, true);
  } finally {
    closeSync(a);
    closeSync(b);
  }
}

function tryOpen(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
