import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {{ pid: number, parent: number, command: string }} Process */

/**
 * All processes we may see. Linux is read from /proc, as minimal images have no ps.
 * @returns {Promise<Process[]>}
 */
export async function listProcesses() {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

/** @returns {Promise<Process[]>} */
async function listFromProc() {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        const stat = await readFile(`/proc/${name}/stat`, 'utf8');
        const command = await readFile(`/proc/${name}/cmdline`, 'utf8');
        // The second field is the name in parentheses, and may hold spaces and parentheses itself.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return undefined;
        const pid = Number(name);
        return { pid, parent: Number(parent), command: command.split('\0').join(' ').trim() };
      } catch {
        return undefined; // It ended while we looked.
      }
    }),
  );
  return found.filter((entry) => entry !== undefined);
}

/** @returns {Promise<Process[]>} */
async function listFromPs() {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'pid=,ppid=,command=']);
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match
      ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }]
      : [];
  });
}

/**
 * @param {number} pid
 * @returns {Promise<Process[]>} children, their children and so on; not the process itself
 */
export async function descendantsOf(pid) {
  const all = await listProcesses();
  const parents = new Set([pid]);
  /** @type {Process[]} */
  const found = [];
  // Pids are not ordered by age, so the list is walked until it gives nothing new.
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false;
    for (const entry of all) {
      if (parents.has(entry.pid) || !parents.has(entry.parent)) continue;
      parents.add(entry.pid);
      found.push(entry);
      isGrowing = true;
    }
  }
  return found;
}

/**
 * Processes that carry NAME=VALUE in the environment they were started with. Only Linux tells.
 * @param {string} name
 * @param {string} value
 */
export async function processesWithEnvironment(name, value) {
  if (process.platform !== 'linux') return [];
  const wanted = `${name}=${value}`;
  const found = await Promise.all(
    (await listProcesses()).map(async (entry) => {
      if (entry.pid === process.pid) return undefined;
      const environment = await readFile(`/proc/${entry.pid}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(wanted) ? entry : undefined;
    }),
  );
  return found.filter((entry) => entry !== undefined);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function trySignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already, which is what the caller wants.
  }
}

/**
 * Waits until none of these run any more. A pid with another command line is another process.
 * @param {Process[]} processes
 * @param {number} deadlineMs
 * @returns {Promise<Process[]>} those that still run
 */
export async function waitUntilGone(processes, deadlineMs) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const now = new Map((await listProcesses()).map(({ pid, command }) => [pid, command]));
    const left = processes.filter(({ pid, command }) => now.get(pid) === command);
    if (left.length === 0 || Date.now() > deadline) return left;
    await delay(50);
  }
}
