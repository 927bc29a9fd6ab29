import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';

/** Another way to keep a command running whose output is in a file; measured beside ours in the same run. */
export interface Peer {
  readonly name: string;
  /** Why it cannot be measured here. */
  readonly missing: string | undefined;
  /** Starts a shell line that logs to a file. */
  start(line: string, log: string): void;
  stopAll(): void;
}

/** The least there is: a detached shell with its output in a file, and nobody who knows how it ended. */
export function plainSpawn(): Peer {
  const pids: number[] = [];
  return {
    name: 'plain detached spawn',
    missing: undefined,
    start: (line, log) => {
      const descriptor = openSync(log, 'a');
      const stdio = ['ignore', descriptor, descriptor] as const;
      const child = spawn('/bin/sh', ['-c', line], { detached: true, stdio: [...stdio] });
      child.unref();
      closeSync(descriptor);
      if (child.pid !== undefined) pids.push(child.pid);
    },
    stopAll: () => {
      for (const pid of pids.splice(0)) {
        // The group is the command's own; ESRCH says that it is over.
        try {
          process.kill(-pid, 'SIGKILL');
        } catch {
          continue;
        }
      }
    },
  };
}

export function tmux(directory: string): Peer {
  const socket = path.join(directory, 'tmux.socket');
  const run = (...words: string[]): void => {
    spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { stdio: 'ignore' });
  };
  let count = 0;
  return {
    name: 'tmux + pipe-pane',
    missing: isInstalled('tmux', '-V') ? undefined : 'tmux is not installed',
    start: (line, log) => {
      const name = `b${count++}`;
      run(
        'new-session',
        '-d',
        '-s',
        name,
        line,
        ';',
        'pipe-pane',
        '-t',
        name,
        `exec cat >> '${log}'`,
      );
    },
    stopAll: () => {
      run('kill-server');
    },
  };
}

export function pm2(directory: string): Peer {
  const environment = { ...process.env, PM2_HOME: path.join(directory, 'pm2') };
  const run = (...words: string[]): void => {
    spawnSync('pm2', words, { stdio: 'ignore', env: environment });
  };
  let count = 0;
  return {
    name: 'pm2',
    missing: isInstalled('pm2', '--version') ? undefined : 'pm2 is not installed',
    start: (line, log) => {
      const options = [
        '--no-autorestart',
        '--name',
        `b${count++}`,
        '--output',
        log,
        '--error',
        log,
      ];
      run('start', '/bin/sh', ...options, '--', '-c', line);
    },
    stopAll: () => {
      run('kill');
    },
  };
}

function isInstalled(program: string, flag: string): boolean {
  return spawnSync(program, [flag], { stdio: 'ignore' }).status === 0;
}
