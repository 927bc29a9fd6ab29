import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import {
  agentEnv,
  outputOf,
  questionsOf,
  runInBackground,
  untilAgentEnds,
  untilQuestion,
} from './support/agents.ts';
import { call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { commandLines, task } from './support/tasks.ts';

/** What runs of the agent; the workspace's watcher stays for a while. */
function agentLines(claude: Claude): string[] {
  return commandLines(claude).filter((line) => line.includes('claude'));
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version} in the background`, { concurrency: 3 }, () => {
    test('works on a prompt to its end, and says readably what it does', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const lines = ['look around', call('Bash', { command: 'ls' })];
      const id = await runInBackground(claude, lines, { options: ['--session', 'work'] });
      const over = await untilAgentEnds(claude, id);
      const output = await outputOf(claude, id);
      assert.deepEqual([over.status, over.exitCode], ['completed', 0], output);
      assert.match(output, /^> look around$/m);
      assert.match(output, /^→ Bash: ls$/m);
      assert.match(output, /^done$/m);
      assert.match(output, /^✓ Done after .*2 turns/m);
      assert.doesNotMatch(output, /\{"type"/);
      assert.doesNotMatch(claude.api.textSince(0), /Also running in this folder/, 'but itself');
      const session = JSON.stringify(await claude.cli.json(['sessions', 'show', 'work']));
      assert.match(session, /asked in the background \(bash_1\): look around/);
      assert.match(session, /is done:\\\\ndone|is done:\\ndone/);
    });

    test('asks, waits until somebody is there, and goes on with the answer', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const lines = ['a', 'b', 'c'].map((name) => call('Bash', { command: `touch ${name}` }));
      const id = await runInBackground(claude, lines);
      const first = await untilQuestion(claude);
      assert.deepEqual([first.task, first.about], [id, 'Bash: touch a']);
      assert.match(await outputOf(claude, id), /\? Bash: touch a · waits for you/);
      await claude.cli.json(['claude', 'answer', id, '--allow']);
      const second = await waitFor(async () =>
        (await questionsOf(claude)).find(({ about }) => about === 'Bash: touch b'),
      );
      await claude.cli.json(['claude', 'answer', id, '--question', second.id, '--deny', 'not b']);
      const third = await waitFor(async () =>
        (await questionsOf(claude)).find(({ about }) => about === 'Bash: touch c'),
      );
      assert.deepEqual(third.offers, ['Bash(touch:*)']);
      await claude.cli.json(['claude', 'answer', id, '--always']);
      assert.equal((await untilAgentEnds(claude, id)).exitCode, 0);
      const made = ['a', 'b', 'c'].map((name) => existsSync(path.join(claude.folder, name)));
      assert.deepEqual(made, [true, false, true]);
      assert.match(claude.api.toolResults()[1] ?? '', /not b/);
      assert.deepEqual(await questionsOf(claude), []);
    });

    test('goes by the rules that were saved, and by no rule where Claude’s own say to ask', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await claude.cli.json(['permissions', 'allow', 'Bash(touch:*)']);
      await claude.cli.json(['permissions', 'deny', 'Bash(touch never)']);
      const lines = ['fine', 'never', 'asked'].map((name) =>
        call('Bash', { command: `touch ${name}` }),
      );
      const settings = { permissions: { ask: ['Bash(touch asked)'] } };
      const started = (await claude.cli.json(
        [
          ...['claude', 'background', lines.join('\n'), '--', '--permission-mode', 'default'],
          ...['--settings', JSON.stringify(settings)],
        ],
        { env: agentEnv(claude) },
      )) as { id: string };
      const question = await untilQuestion(claude);
      assert.deepEqual([question.about, question.offers], ['Bash: touch asked', []]);
      await claude.cli.json(['claude', 'answer', started.id, '--deny']);
      assert.equal((await untilAgentEnds(claude, started.id)).exitCode, 0);
      const made = ['fine', 'never', 'asked'].map((name) =>
        existsSync(path.join(claude.folder, name)),
      );
      assert.deepEqual(made, [true, false, false]);
    });

    test('takes its question back when it is killed, and goes on when it is restarted', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const id = await runInBackground(claude, ['begin', call('Bash', { command: 'touch x' })]);
      await untilQuestion(claude);
      await claude.cli.json(['kill', id]);
      assert.deepEqual(await questionsOf(claude), []);
      assert.deepEqual([(await task(claude, id)).status, agentLines(claude)], ['killed', []]);
      await claude.cli.json(['restart', id], { env: agentEnv(claude) });
      assert.equal((await untilAgentEnds(claude, id)).exitCode, 0);
      assert.match(await outputOf(claude, id), /> You were interrupted/);
      assert.match(claude.api.textSince(claude.api.requests.length - 1), /begin/);
    });

    test('ends when what holds it is killed by force, and goes on when it is restarted', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const id = await runInBackground(claude, ['begin', call('Bash', { command: 'touch x' })]);
      await untilQuestion(claude);
      process.kill((await task(claude, id)).pid ?? 0, 'SIGKILL');
      assert.equal((await untilAgentEnds(claude, id)).status, 'killed');
      await waitFor(() => agentLines(claude).length === 0, {
        deadlineMs: 120_000,
        describe: () => `the end of: ${agentLines(claude).join(', ')}`,
      });
      assert.deepEqual(await questionsOf(claude), []);
      await claude.cli.json(['restart', id], { env: agentEnv(claude) });
      assert.equal((await untilAgentEnds(claude, id)).exitCode, 0);
    });

    test('gets what it lets the user choose', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const question = {
        question: 'Which database?',
        header: 'Database',
        multiSelect: false,
        options: [
          { label: 'PostgreSQL', description: 'large' },
          { label: 'SQLite', description: 'small' },
        ],
      };
      const id = await runInBackground(claude, [
        call('AskUserQuestion', { questions: [question] }),
      ]);
      await untilQuestion(claude);
      await claude.cli.json(['claude', 'answer', id, '--choose', 'SQLite']);
      assert.equal((await untilAgentEnds(claude, id)).exitCode, 0);
      assert.match(claude.api.toolResults().join('\n'), /SQLite/);
    });
  });
}
