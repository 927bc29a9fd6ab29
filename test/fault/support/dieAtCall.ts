import childProcess from 'node:child_process';
import fs from 'node:fs';

/** Calls that change something; what only reads cannot leave anything half done. */
const changingCalls: readonly string[] = [
  ...['mkdirSync', 'openSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'rmSync'],
  ...['truncateSync', 'appendFileSync', 'utimesSync', 'linkSync', 'unlinkSync'],
];

/** Ends this process with SIGKILL at its n-th call of the operating system that changes something; 0: never. */
export function dieAtCall(last: number): void {
  let calls = 0;
  const kill = process.kill.bind(process);
  const wrap = (target: object, name: string): void => {
    const original: unknown = Reflect.get(target, name);
    if (typeof original !== 'function') return;
    Reflect.set(target, name, (...args: unknown[]): unknown => {
      if (name !== 'openSync' || args[1] !== 'r') calls += 1;
      if (calls === last) kill(process.pid, 'SIGKILL');
      const result: unknown = Reflect.apply(original, target, args);
      return result;
    });
  };
  for (const name of changingCalls) wrap(fs, name);
  wrap(childProcess, 'spawn');
  wrap(process, 'kill');
}
