import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { createFileSync, writeFileAtomicSync } from '../../../common/atomicFile.ts';
import { readJsonSync } from '../../../common/jsonFile.ts';
import { listMirrors, type Generation, type Mirror } from './mirror.ts';
import { namesIn } from './transcriptFiles.ts';

/**
 * Why a copy is not added to any more. The first three are damage that the user is told of; `replaced` and `repaired`
 * are what the user asked for.
 */
export type EndKind = 'deleted' | 'truncated' | 'rewritten' | 'replaced' | 'repaired';

const endSchema = v.looseObject({
  v: v.literal(1),
  kind: v.picklist(['deleted', 'truncated', 'rewritten', 'replaced', 'repaired']),
  atMs: v.number(),
  /** Whether its age was such that Claude Code itself deletes it. */
  isRetention: v.optional(v.boolean()),
  vanished: v.object({
    lines: v.number(),
    messages: v.number(),
    bytes: v.number(),
    fromMs: v.optional(v.number()),
    toMs: v.optional(v.number()),
    prompts: v.array(v.string()),
  }),
});

/** `<n>.end.json` in a mirror. */
export type EndRecord = v.InferOutput<typeof endSchema>;

/** A transcript that has lost something, of which there is a copy. */
export interface Damage {
  readonly mirror: Mirror;
  /** The copy that has what was lost. */
  readonly generation: number;
  readonly kind: EndKind;
  readonly atMs: number;
  readonly isRetention: boolean;
  readonly vanished: EndRecord['vanished'];
  readonly isTold: boolean;
}

const END_NAME = /^(\d+)\.end\.json$/;

export function readEnd(mirror: Mirror, number: number): EndRecord | undefined {
  const read = readJsonSync(endPath(mirror, number), endSchema);
  return read.kind === 'ok' ? read.value : undefined;
}

export function writeEnd(mirror: Mirror, number: number, end: Omit<EndRecord, 'v'>): void {
  writeFileAtomicSync(endPath(mirror, number), `${JSON.stringify({ v: 1, ...end })}\n`);
}

/** The transcript goes on where this copy ends: nothing is lost any more. */
export function removeEnd(mirror: Mirror, number: number): void {
  rmSync(endPath(mirror, number), { force: true });
  rmSync(toldPath(mirror, number), { force: true });
}

/** All damage there is a copy for, the latest first. */
export function listDamage(home: string): Damage[] {
  return listMirrors(home)
    .flatMap(damageOf)
    .sort((a, b) => b.atMs - a.atMs);
}

export function damageOf(mirror: Mirror): Damage[] {
  return namesIn(mirror.directory).flatMap((name) => {
    const number = Number(END_NAME.exec(name)?.[1]);
    const end = Number.isNaN(number) ? undefined : readEnd(mirror, number);
    if (end === undefined || end.kind === 'replaced' || end.kind === 'repaired') return [];
    const { kind, atMs, vanished, isRetention = false } = end;
    const isTold = existsSync(toldPath(mirror, number));
    return [{ mirror, generation: number, kind, atMs, vanished, isRetention, isTold }];
  });
}

/** Whether it falls to this process to tell the user: of all that ask, the first one. */
export function claimTelling({ mirror, generation }: Damage): boolean {
  return createFileSync(toldPath(mirror, generation), '');
}

export function isEnded(mirror: Mirror, { number }: Generation): boolean {
  return existsSync(endPath(mirror, number));
}

function endPath({ directory }: Mirror, number: number): string {
  return path.join(directory, `${number}.end.json`);
}

function toldPath({ directory }: Mirror, number: number): string {
  return path.join(directory, `${number}.told`);
}
