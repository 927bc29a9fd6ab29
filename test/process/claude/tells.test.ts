import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import { allowBash, call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { task, untilFirstOutput, untilSettled } from './support/tasks.ts';

/** Newer versions refuse a long sleep in the foreground. */
const LONG_COMMAND = 'tail -n 61 -f /dev/null';
const SESSION = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a01';

/** Ends Claude Code in the middle of a call, with a task that goes on. */
async function cutOff(
  claude: Claude,
  { signal, command }: { readonly signal: NodeJS.Signals; readonly command: string },
): Promise<void> {
  const lines = [
    call('Bash', { command, run_in_background: true }),
    call('Bash', { command: LONG_COMMAND }),
  ];
  const child = claude.spawn(['-p', lines.join('\n'), '--session-id', SESSION, ...allowBash]);
  child.stdin.end();
  await untilFirstOutput(claude);
  await claude.untilCommand(LONG_COMMAND);
  child.kill(signal);
  await waitFor(() => child.exitCode !== null || child.signalCode !== null);
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version}`, { concurrency: 3 }, () => {
    test(`a resumed session is told what runs, and reads on where it was`, async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await claude.protect();
      await cutOff(claude, { signal: 'SIGTERM', command: 'echo one; echo two; sleep 600' });
      await untilSettled(claude);
      const before = claude.api.requests.length;
      const read = call('mcp__holdfast__bash_output', { bash_id: 'bash_1' });
      const resumed = await claude.prompt([read, read], ['--resume', SESSION, ...allowBash]);
      assert.equal(resumed.exitCode, 0, resumed.stderr);
      const text = claude.api.textSince(before);
      assert.match(text, /bash_1 \(your task b\w+\) is running, pid \d+; 2 new lines: echo one/);
      assert.equal(
        text.match(/Holdfast keeps the background commands/g)?.length,
        claude.api.requests.length - before,
        'once in each request',
      );
      const [first, second] = claude.api
        .toolResults()
        .filter((result) => result.startsWith('{"bash_id"'))
        .map((result) => (JSON.parse(result) as { output: string }).output);
      assert.deepEqual([first, second], ['one\ntwo\n', '']);
    });

    test(`after SIGKILL it is told of the call in whose middle it was`, async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await claude.protect();
      await cutOff(claude, { signal: 'SIGKILL', command: 'echo one; sleep 600' });
      await claude.cli.json(['kill', 'bash_1']);
      const before = claude.api.requests.length;
      await claude.prompt(['hello'], ['--resume', SESSION, ...allowBash]);
      const text = claude.api.textSince(before);
      assert.match(
        text,
        /bash_1 \(your task b\w+\) was killed by you, .* ago; 1 new line: echo one/,
      );
      assert.match(
        text,
        /ended by force while you were in the middle of `Bash: tail -n 61 -f \/dev\/null`/,
      );
      const again = claude.api.requests.length;
      await claude.prompt(['hello again'], ['--resume', SESSION, ...allowBash]);
      const told = claude.api.textSince(again).match(/was killed by you/g) ?? [];
      assert.equal(told.length, 1, 'what is no news any more is not told again');
    });

    test(`Claude Code is told when its task ends, with the exit code`, async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await claude.protect();
      const run = await claude.prompt(
        [
          call('Bash', {
            command: 'echo begun; sleep 1; echo over; exit 3',
            run_in_background: true,
          }),
          call('Bash', { command: 'sleep 1; sleep 1; sleep 1; sleep 1' }),
        ],
        allowBash,
      );
      assert.equal(run.exitCode, 0, run.stderr);
      const text = claude.api.textSince(0);
      assert.match(text, /failed with exit code 3/);
      const [file = ''] = /\/\S+\.output/.exec(claude.api.toolResults()[0] ?? '') ?? [];
      // Newer versions add a line of their own.
      assert.match(readFileSync(file, 'utf8'), /^begun\nover\n/, "Claude Code's own file");
      assert.equal((await task(claude)).exitCode, 3);
    });
  });
}
