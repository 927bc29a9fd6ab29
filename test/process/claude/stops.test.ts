import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { currentBootId } from '../../../src/core/processes/identity.ts';
import { waitFor } from '../../support/waitFor.ts';
import { allowBash, call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { commandLines, task, untilFirstOutput } from './support/tasks.ts';
import { ESCAPE, startInTerminal } from './support/terminal.ts';

/** As on a file system that cannot make holes in a log, where Node keeps the tasks. */
function denyPunching({ cli }: Claude): void {
  writeFileSync(path.join(cli.home, 'punch-method'), `${currentBootId()} none\n`);
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version}`, { concurrency: 3 }, () => {
    for (const keeper of ['sh', 'node'] as const) {
      test(`stopping a task by Claude's tool ends its whole tree (kept by ${keeper})`, async (t) => {
        const claude = await startClaude(t, version);
        if (claude === undefined) return;
        await claude.protect();
        if (keeper === 'node') denyPunching(claude);
        const tree = 'sleep 611 & (setsid sleep 612 &) ; nohup sleep 613 & echo up; wait';
        const run = await claude.prompt(
          [
            call('Bash', { command: tree, run_in_background: true }),
            call('Bash', {
              command: `until grep -q up ${claude.cli.home}/workspaces/*/tasks/bash_1/output.log; do sleep 0.1; done`,
            }),
            call('TaskStop', { task_id: '$TASK' }),
            call('Bash', { command: 'sleep 3; echo waited' }),
          ],
          allowBash,
        );
        assert.equal(run.exitCode, 0, run.stderr);
        assert.match(claude.api.textSince(0), /Successfully stopped task/);
        await waitFor(async () => (await task(claude)).status === 'killed');
        assert.deepEqual(
          commandLines(claude).filter((line) => /sleep 61\d/.test(line)),
          [],
        );
      });
    }

    test(`Esc ends the whole tree of a foreground command, and no task`, async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await claude.protect();
      const terminal = await startInTerminal(t, claude, allowBash);
      await terminal.ask(
        call('Bash', { command: 'echo kept; sleep 621', run_in_background: true }),
      );
      await untilFirstOutput(claude);
      await waitFor(() => claude.api.requests.length >= 2);
      await terminal.ask(
        call('Bash', { command: 'tail -n 622 -f /dev/null & tail -n 623 -f /dev/null' }),
      );
      await claude.untilCommand('tail -n 623 -f /dev/null').catch((error: unknown) => {
        throw new Error(terminal.text().slice(-2500), { cause: error });
      });
      terminal.type(ESCAPE);
      await waitFor(() => !commandLines(claude).some((line) => / 62[23]\b/.test(line)), {
        describe: () => commandLines(claude).join('\n'),
      });
      assert.equal((await task(claude)).status, 'running');
      terminal.kill('SIGKILL');
    });
  });
}
