import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import {
  call,
  claudeVersions,
  startClaude,
  writeLocalSettings,
  type Claude,
} from './support/claude.ts';
import { tasksOf } from './support/tasks.ts';
import { ESCAPE, startInTerminal } from './support/terminal.ts';

const RULES = {
  allow: ['Bash(touch allowed*)'],
  ask: ['Bash(touch asked*)'],
  deny: ['Bash(touch denied*)'],
};
const NAMES = ['allowed', 'asked', 'denied', 'unnamed'];

/** Which of the commands were run, in the foreground and in the background. */
async function runAll(claude: Claude): Promise<string[]> {
  const commands = NAMES.flatMap((name) => [
    call('Bash', { command: `touch ${name}1` }),
    call('Bash', { command: `touch ${name}2`, run_in_background: true }),
  ]);
  const run = await claude.prompt(commands, ['--permission-mode', 'default']);
  assert.equal(run.exitCode, 0, run.stderr);
  assert.equal(claude.api.toolResults().length, commands.length);
  return NAMES.flatMap((name) => [`${name}1`, `${name}2`]).filter((name) => {
    return existsSync(path.join(claude.folder, name));
  });
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version}`, { concurrency: 2 }, () => {
    test('rules allow, ask and deny as without Holdfast (-p)', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      writeLocalSettings(claude, JSON.stringify({ permissions: RULES }));
      await claude.protect();
      assert.deepEqual(await runAll(claude), ['allowed1', 'allowed2']);
      const [task] = await tasksOf(claude);
      assert.equal(task?.command, 'touch allowed2');
    });

    test('in a terminal a background command is asked about or denied, and leaves nothing', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      writeLocalSettings(claude, JSON.stringify({ permissions: RULES }));
      await claude.protect();
      const terminal = await startInTerminal(t, claude);
      await terminal.ask(call('Bash', { command: 'touch asked3', run_in_background: true }));
      await waitFor(() => /Doyouwantto/.test(terminal.text()), { describe: () => terminal.text() });
      assert.deepEqual(await tasksOf(claude), []);
      terminal.type(ESCAPE);
      await waitFor(() => /interrupted|rejected|declined|instead/i.test(terminal.text()), {
        describe: () => terminal.text(),
      });
      await terminal.ask('@@Bash {"command":"touch allowed4"}');
      await waitFor(() => existsSync(path.join(claude.folder, 'allowed4')), {
        describe: () => terminal.text(),
      });
      await terminal.ask(call('Bash', { command: 'touch denied5', run_in_background: true }));
      await waitFor(() => /denied/i.test(claude.api.toolResults().at(-1) ?? ''), {
        describe: () => terminal.text(),
      });
      assert.deepEqual(await tasksOf(claude), []);
      for (const name of ['asked3', 'denied5']) {
        assert.ok(!existsSync(path.join(claude.folder, name)));
      }
      terminal.kill('SIGKILL');
    });
  });
}
