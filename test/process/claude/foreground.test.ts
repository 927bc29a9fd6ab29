import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import { allowBash, call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { commandLines, tasksOf } from './support/tasks.ts';

const COMMANDS = [
  call('Bash', { command: 'cd sub && pwd' }),
  call('Bash', {
    command: 'pwd; echo "$0 $BASH_VERSION $#"; echo \'it\'"\'"\'s\' "q" \\\\ $((1+1)) ünï',
  }),
  call('Bash', { command: 'echo out; echo err >&2; exit 7' }),
  call('Bash', { command: 'cat <<END\nheredoc $HOME\nEND' }),
  call('Bash', {
    command: 'false | true; echo ${PIPESTATUS[0]}; shopt -q extglob || echo no extglob',
  }),
];

async function resultsOf(claude: Claude): Promise<string[]> {
  mkdirSync(path.join(claude.folder, 'sub'), { recursive: true });
  const run = await claude.prompt(COMMANDS, allowBash);
  assert.equal(run.exitCode, 0, run.stderr);
  return claude.api
    .toolResults()
    .map((result) =>
      result.replaceAll(claude.folder, 'FOLDER').replaceAll(claude.configDirectory, 'CONFIG'),
    );
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version}`, { concurrency: 3 }, () => {
    test(`foreground commands give the same as without Holdfast`, async (t) => {
      const [bare, protectedOne] = [await startClaude(t, version), await startClaude(t, version)];
      if (bare === undefined || protectedOne === undefined) return;
      await protectedOne.protect();
      const expected = await resultsOf(bare);
      assert.equal(expected.length, COMMANDS.length);
      assert.match(expected[1] ?? '', /FOLDER\/sub/, 'the working directory is remembered');
      assert.deepEqual(await resultsOf(protectedOne), expected);
      assert.deepEqual(await tasksOf(protectedOne), []);
    });

    test(`a foreground command that takes too long leaves nothing behind`, async (t) => {
      const claude = await startClaude(t, version, {
        // Else it goes on in the background, and is waited for.
        CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
      });
      if (claude === undefined) return;
      await claude.protect();
      await claude.prompt(
        [
          call('Bash', {
            command: 'tail -n 631 -f /dev/null & tail -n 632 -f /dev/null',
            timeout: 1500,
          }),
        ],
        allowBash,
      );
      assert.match(claude.api.toolResults()[0] ?? '', /timed out|Exit code 143/);
      await waitFor(() => !commandLines(claude).some((line) => / 63[12]\b/.test(line)), {
        describe: () => commandLines(claude).join('\n'),
      });
    });
  });
}
