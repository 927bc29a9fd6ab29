import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../common/log.ts';
import { identityKey, isAlive, type ProcessIdentity } from './identity.ts';
import { currentPlatform } from './platform/platform.ts';
import { sendSignal, waitUntilDead } from './signals.ts';
import { killTreesOf } from './treeKill.ts';

export interface KillOptions {
  /** Finds what is to end, anew at each call: {@link findTaskProcesses} bound to its task. */
  readonly find: () => readonly ProcessIdentity[];
  /** How long they may take to end by themselves after SIGTERM. */
  readonly graceMs: number;
  readonly log: Log;
}

/** Who ended how. `survivors`: not ours to signal (EPERM), or beyond signals (state D). */
export interface KillOutcome {
  readonly terminated: ProcessIdentity[];
  readonly forced: ProcessIdentity[];
  readonly survivors: ProcessIdentity[];
}

/** A full scan holds the thread for some 20 ms, a look at known processes for microseconds. */
const POLL_MS = 25;
const RESCAN_MS = 250;
/** A scan is no atomic picture: one that forked and ended meanwhile may hide once, hardly twice. */
const EMPTY_SCANS_TO_BELIEVE = 2;
const FREEZE_ROUNDS = 5;
const FORCE_ROUNDS = 10;
const FORCE_WAIT_MS = 1000;

interface Target {
  readonly identity: ProcessIdentity;
  wasForced: boolean;
  isDenied: boolean;
}

type Targets = Map<string, Target>;

/**
 * Ends all that `find` finds: SIGTERM, `graceMs` to obey, SIGKILL to the rest, until scans stay empty. Children that
 * appear meanwhile are treated alike. Every signal is sent to a proven identity; what is gone already is no error.
 *
 * What is left after the grace is stopped first (SIGSTOP), so that nothing respawns while it dies; then the tree-kill
 * library ends the trees (see `treeKill.ts`, and there for Windows, which has no SIGTERM and so no grace), then our own
 * sweep ends what it left. A task that forks faster than a scan takes may outrun the rounds and be a survivor.
 */
export async function killTaskProcesses(options: KillOptions): Promise<KillOutcome> {
  const targets: Targets = new Map();
  const isOver = currentPlatform().hasSignals && (await terminateAll(options, targets));
  if (!isOver) await forceAll(options, targets);
  const outcome = sortOut(targets);
  for (const survivor of outcome.survivors) {
    options.log.warn('process.survived', { process: identityKey(survivor) });
  }
  return outcome;
}

function scan(find: KillOptions['find'], targets: Targets): { found: Target[]; fresh: Target[] } {
  const found: Target[] = [];
  const fresh: Target[] = [];
  for (const identity of find()) {
    const key = identityKey(identity);
    let target = targets.get(key);
    if (target === undefined) {
      target = { identity, wasForced: false, isDenied: false };
      targets.set(key, target);
      fresh.push(target);
    }
    found.push(target);
  }
  return { found, fresh };
}

/** True once nothing is left; false when the grace period ends first. */
async function terminateAll({ find, graceMs }: KillOptions, targets: Targets): Promise<boolean> {
  const deadline = performance.now() + graceMs;
  let rescanAt = 0;
  let emptyScans = 0;
  for (;;) {
    if (performance.now() >= rescanAt || ![...targets.values()].some(isTargetAlive)) {
      const { found, fresh } = scan(find, targets);
      fresh.forEach(terminate);
      emptyScans = found.length === 0 ? emptyScans + 1 : 0;
      if (emptyScans >= EMPTY_SCANS_TO_BELIEVE) return true;
      rescanAt = performance.now() + RESCAN_MS;
      if (found.length === 0) continue;
    }
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) return false;
    await delay(Math.min(POLL_MS, remainingMs));
  }
}

/** SIGCONT comes second, so that a stopped process wakes up to a SIGTERM that already waits. */
function terminate(target: Target): void {
  target.isDenied = sendSignal(target.identity, 'SIGTERM') === 'denied';
  if (!target.isDenied) sendSignal(target.identity, 'SIGCONT');
}

async function forceAll({ find, log }: KillOptions, targets: Targets): Promise<void> {
  let emptyScans = 0;
  for (let round = 0; round < FORCE_ROUNDS && emptyScans < EMPTY_SCANS_TO_BELIEVE; round++) {
    const found = freezeAll(find, targets);
    emptyScans = found.length === 0 ? emptyScans + 1 : 0;
    if (found.length === 0) continue;
    const ours = found.filter((target) => !target.isDenied && isTargetAlive(target));
    if (ours.length === 0) return;
    const identities = ours.map((target) => target.identity);
    for (const target of ours) target.wasForced = true;
    await killTreesOf(identities, log);
    for (const target of ours) {
      target.isDenied = sendSignal(target.identity, 'SIGKILL') === 'denied';
    }
    await waitUntilDead(identities, FORCE_WAIT_MS);
  }
}

/** Stops all of them, again and again until a scan shows nobody new: then nobody is left who could start another. */
function freezeAll(find: KillOptions['find'], targets: Targets): Target[] {
  const stopped = new Set<Target>();
  for (let round = 0; ; round++) {
    const { found } = scan(find, targets);
    const running = found.filter((target) => !stopped.has(target));
    if (!currentPlatform().hasSignals || running.length === 0 || round === FREEZE_ROUNDS)
      return found;
    for (const target of running) {
      target.isDenied = sendSignal(target.identity, 'SIGSTOP') === 'denied';
      stopped.add(target);
    }
  }
}

function isTargetAlive(target: Target): boolean {
  return isAlive(target.identity);
}

function sortOut(targets: Targets): KillOutcome {
  const outcome: KillOutcome = { terminated: [], forced: [], survivors: [] };
  for (const target of targets.values()) {
    if (isTargetAlive(target)) outcome.survivors.push(target.identity);
    else if (target.wasForced) outcome.forced.push(target.identity);
    else outcome.terminated.push(target.identity);
  }
  return outcome;
}
