import { statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import {
  listDamage,
  claimTelling,
  type Damage,
} from '../../core/agents/claude-code/transcripts/damage.ts';
import type { GuardHost } from '../../core/agents/claude-code/transcripts/guardHost.ts';
import { guardTranscripts } from '../../core/agents/claude-code/transcripts/guardTranscripts.ts';
import {
  listGenerations,
  listMirrors,
  readSource,
} from '../../core/agents/claude-code/transcripts/mirror.ts';
import { readVanished } from '../../core/agents/claude-code/transcripts/readVanished.ts';
import { repairTranscript } from '../../core/agents/claude-code/transcripts/repairTranscript.ts';
import {
  nothingToRestore,
  restoreTranscript,
} from '../../core/agents/claude-code/transcripts/restoreTranscript.ts';
import { longestSessionRetentionDays } from '../../core/store/workspaceSettings.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { CommonOptions } from '../context.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { openGuard, requireTranscript } from './openTranscripts.ts';
import { isoOf } from './transcriptJson.ts';
import { count, sizeWords } from './transcriptTable.ts';

interface RestoreOptions extends CommonOptions {
  readonly all?: boolean;
  readonly generation?: number;
}

/** Looks after all transcripts now, and says how that stands. */
export async function status(command: Command): Promise<void> {
  const { json } = command.optsWithGlobals<CommonOptions>();
  const host = openGuard();
  const retentionDays = longestSessionRetentionDays(host.home);
  const { transcripts, copied, damage } = await guardTranscripts(host, { retentionDays });
  const copyBytes = sizeOfCopies(host);
  if (json === true) {
    const copies = listMirrors(host.home).length;
    await writeJson({ transcripts, copied, copies, copyBytes, damage: damage.map(damageJson) });
    return;
  }
  const lines = count(transcripts, 'transcript');
  await writeLine(`${lines} of Claude Code guarded; the copies take ${sizeWords(copyBytes)}.`);
  await tellDamage(damage);
}

export async function list(command: Command): Promise<void> {
  const { json } = command.optsWithGlobals<CommonOptions>();
  const damage = listDamage(openGuard().home);
  if (json === true) await writeJson(damage.map(damageJson));
  else await tellDamage(damage);
}

export async function show(given: string, command: Command): Promise<void> {
  const { json } = command.optsWithGlobals<CommonOptions>();
  const damage = requireDamage(openGuard(), given);
  const vanished = await readVanished(damage);
  if (json === true) await writeJson({ ...damageJson(damage), vanishedLines: vanished.lines });
  else await writeLine(vanished.text);
}

export async function restore(given: readonly string[], command: Command): Promise<void> {
  const { json, all, generation } = command.optsWithGlobals<RestoreOptions>();
  const host = openGuard();
  // Deletes no copy, however old: it may be the one that is wanted.
  await guardTranscripts(host);
  const chosen = all === true ? deletedOnes(host) : given.map((text) => requireDamage(host, text));
  if (chosen.length === 0) throw nothingToRestore(given[0] ?? '(none)');
  const done = [];
  for (const { mirror } of chosen) done.push(await restoreTranscript(host, mirror, generation));
  if (json === true) await writeJson(done);
  for (const { id, path: transcript, lines, setAside } of json === true ? [] : done) {
    await writeLine(`${id} restored: ${count(lines, 'line')} in ${transcript}`);
    if (setAside !== undefined) await writeLine(`  what was there is now ${setAside}`);
    await writeLine(`  go on with it: holdfast claude resume ${id}`);
  }
}

export async function repair(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const repaired = await repairTranscript(openGuard(), requireTranscript(options, given).file);
  if (options.json === true) {
    await writeJson({ ...repaired, setAside: repaired.setAside ?? null });
    return;
  }
  const { id, setAside, splitLines, completedLines, lostPieces, relinked } = repaired;
  if (setAside === undefined) {
    await writeLine(`${id} is sound; nothing was changed.`);
    return;
  }
  const facts = [
    splitLines === 0 ? '' : `${count(splitLines, 'joined line')} taken apart`,
    completedLines === 0 ? '' : `${count(completedLines, 'torn line')} completed from the copy`,
    lostPieces === 0 ? '' : `${count(lostPieces, 'torn piece')} left out`,
    relinked === 0 ? '' : `${count(relinked, 'message')} tied to the one before`,
  ];
  await writeLine(`${id} repaired: ${facts.filter((fact) => fact !== '').join(', ')}`);
  await writeLine(`  the damaged one is now ${setAside}`);
}

async function tellDamage(damage: readonly Damage[]): Promise<void> {
  if (damage.length === 0) {
    await writeLine('Nothing has vanished.');
    return;
  }
  await writeLine('\nVanished, and kept here:');
  for (const one of damage) {
    await writeLine(lineOf(one));
    claimTelling(one);
  }
  await writeLine('\n`holdfast claude guard show ID` shows it, `restore ID` puts it back.');
}

function lineOf({ mirror, kind, isRetention, atMs, vanished }: Damage): string {
  const why = kind === 'deleted' && isRetention ? "deleted by Claude Code's clean-up" : kind;
  const time = new Date(atMs).toLocaleString('sv').slice(0, 16);
  const prompt = oneLine(vanished.prompts[0] ?? '', 60);
  return `  ${time}  ${mirror.id}  ${why}: ${count(vanished.messages, 'message')}  ${prompt}`;
}

function damageJson({ mirror, generation, kind, isRetention, atMs, vanished }: Damage): object {
  return {
    sessionId: mirror.id,
    kind,
    isRetention,
    at: isoOf(atMs),
    generation,
    path: readSource(mirror)?.path ?? null,
    lines: vanished.lines,
    messages: vanished.messages,
    bytes: vanished.bytes,
    from: isoOf(vanished.fromMs),
    to: isoOf(vanished.toMs),
    prompts: vanished.prompts,
  };
}

/** @throws HoldfastError `claude.nothingToRestore`. */
function requireDamage({ home }: GuardHost, given: string): Damage {
  const found = listDamage(home).filter(({ mirror }) => mirror.id.startsWith(given.toLowerCase()));
  const [first] = found;
  if (
    first === undefined ||
    given.length < 4 ||
    found.some(({ mirror }) => mirror.id !== first.mirror.id)
  ) {
    throw nothingToRestore(given);
  }
  return first;
}

function deletedOnes({ home }: GuardHost): Damage[] {
  return listDamage(home).filter(({ kind }) => kind === 'deleted');
}

function sizeOfCopies({ home }: GuardHost): number {
  return listMirrors(home)
    .flatMap(listGenerations)
    .reduce((sum, { path: copy }) => sum + statSync(path.resolve(copy)).size, 0);
}
