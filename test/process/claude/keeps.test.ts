import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { taskDirectoryOf } from '../../../src/core/tasks/taskDirectory.ts';
import { waitFor } from '../../support/waitFor.ts';
import { call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { tasksOf } from './support/tasks.ts';

// What is started here inherits it, and the commands of Claude Code are to have it, too.
process.umask(0o022);

/** Commands as they are written for the background, and what they say. */
const commands: Readonly<Record<string, string>> = {
  'echo a; sleep 1 | cat': 'a\n',
  'seq 3 2>&1 | tee seen.log': '1\n2\n3\n',
  'yes | head -3; echo over': 'y\ny\ny\nover\n',
  [`echo 'a | b' "it's" | tr '|' '/'`]: "a / b it's\n",
  'echo one | cat && echo two': 'one\ntwo\n',
  'cat <<END\nit is $((1+1))\nEND': 'it is 2\n',
  "cat <<'END' | tr a-z A-Z\n$words | more\nEND": '$WORDS | MORE\n',
  'word=x; echo "$word $(echo y)" | cat': 'x y\n',
  '# a comment | with a pipe\necho three | cat # and another': 'three\n',
  'echo first | cat\necho second': 'first\nsecond\n',
  'cat < /dev/null | wc -c | tr -d " "': '0\n',
  'for i in 1 2; do echo $i; done | sort -r': '2\n1\n',
  'echo kept 2>nul': 'kept\n',
  'echo behind &': 'behind\n',
  'echo "日本" ünï | cat': '日本 ünï\n',
  'umask | cat; touch made': '0022\n',
};

/** Some of these Claude Code would ask about; where root runs the tests it wants to be told that nothing can be lost. */
const UNASKED = ['--permission-mode', 'bypassPermissions'];
const IN_SANDBOX = { IS_SANDBOX: '1' };

/** By command, what each task has said that has ended well. */
async function saidByTasks(claude: Claude): Promise<Record<string, string>> {
  const workspace = workspaceOf(claude.cli.home, claude.folder);
  const ended = (await tasksOf(claude)).filter(({ exitCode }) => exitCode === 0);
  return Object.fromEntries(
    ended.map(({ id, command }) => [
      command,
      readFileSync(taskDirectoryOf(workspace, id).output, 'utf8'),
    ]),
  );
}

for (const version of claudeVersions) {
  void describe(`a background command of Claude Code ${version} is kept`, () => {
    test('however it is written, and makes files as it would without Holdfast', async (t) => {
      const claude = await startClaude(t, version, IN_SANDBOX);
      if (claude === undefined) return;
      await claude.protect();
      const lines = Object.keys(commands).map((command) =>
        call('Bash', { command, run_in_background: true }),
      );
      const run = await claude.prompt(lines, UNASKED);
      assert.equal(run.exitCode, 0, run.stderr);
      const said = await waitFor(async () => {
        const now = await saidByTasks(claude);
        return Object.keys(now).length === Object.keys(commands).length && now;
      }).catch(async () => saidByTasks(claude));
      assert.deepEqual(said, commands, claude.api.toolResults().join('\n'));
      assert.equal(statSync(path.join(claude.folder, 'made')).mode & 0o777, 0o644);
    });
  });
}
