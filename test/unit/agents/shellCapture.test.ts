import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { AgentShell, type ShellState } from '../../../src/core/agents/tools/agentShell.ts';
import { captureShell } from '../../../src/core/agents/tools/shellCapture.ts';
import { tempDir } from '../../support/tempDir.ts';

interface Ran {
  readonly status: number | null;
  readonly output: string;
  readonly state: ShellState | undefined;
}

describe('the state of an agent’s shell', () => {
  for (const name of ['bash', 'dash', 'busybox']) {
    const program = ['/bin', '/usr/bin'].map((each) => `${each}/${name}`).find(existsSync);
    it(`comes back from ${name}, and the exit code is the command's own`, async (test) => {
      if (program === undefined) {
        test.skip(`${name} is not installed`);
        return;
      }
      const directory = await tempDir(test);
      const sub = path.join(directory, 'a b');
      mkdirSync(sub);
      // As `sh` it is its shell, whichever program it is.
      const shell = path.join(directory, 'sh');
      symlinkSync(program, shell);
      const run = (line: string): Ran => {
        const capture = captureShell(directory, shell);
        const [, ...args] = [...capture.wrapper, shell, '-c', line];
        const env = { PATH: process.env['PATH'] ?? '', KEPT: 'k' };
        const ended = spawnSync(shell, args, { cwd: directory, env, encoding: 'utf8' });
        return { status: ended.status, output: ended.stdout, state: capture.take() };
      };
      const moved = run(`cd 'a b'; export V='x "y" \n$z'; unset KEPT; H=1; exit 7`);
      assert.equal(moved.status, 7);
      assert.equal(moved.state?.cwd, sub);
      assert.equal(moved.state.environment['V'], 'x "y" \n$z');
      assert.equal(moved.state.environment['KEPT'], undefined);
      assert.equal(moved.state.environment['H'], undefined);
      assert.equal(run('true').status, 0);
      assert.equal(run('false').status, 1);
      assert.equal(run('echo "$#:$1"').output, '0:\n');
      const strict = run('set -eu; cd /; false; echo not reached');
      assert.deepEqual([strict.status, strict.output, strict.state?.cwd], [1, '', '/']);
      const trapped = run("trap 'echo bye' EXIT; cd /; (exit 5)");
      assert.deepEqual([trapped.status, trapped.output, trapped.state?.cwd], [5, 'bye\n', '/']);
      assert.equal(run('cd /; exec true').state, undefined);
      assert.notEqual(run('if').status, 0);
      assert.equal(run('set -C; IFS=01; cd /; exit 10').status, 10);
    });
  }

  it('is taken over change by change, so that commands at the same time do not undo each other', () => {
    const shell = new AgentShell('/root-of-it');
    const base = { A: '1', B: '1', PATH: '/bin' };
    const start = shell.start(base);
    const { cwd, environment } = start;
    shell.finish(start, { cwd: '/elsewhere', environment: { ...environment, A: '2' } });
    shell.finish(start, { cwd, environment: { PATH: '/bin', A: '1', C: '3' } });
    const next = shell.start(base);
    assert.equal(next.cwd, '/elsewhere');
    assert.deepEqual(next.environment, { A: '2', C: '3', PATH: '/bin' });
  });

  it('has no marks of a task and nothing that a shell sets for itself', () => {
    const shell = new AgentShell('/root-of-it');
    const start = shell.start({ PATH: '/bin' });
    const own = { SHLVL: '3', PWD: '/x', OLDPWD: '/y', _: 'z', HOLDFAST_TASK: 'u' };
    shell.finish(start, { cwd: '/x', environment: { ...start.environment, ...own } });
    assert.deepEqual(shell.start({ PATH: '/bin' }).environment, { PATH: '/bin' });
  });
});
