import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { sendSignal } from '../../../src/core/processes/signals.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { filesOf, look, start, untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import { agentEnv, outputOf, untilAgentEnds, untilQuestion } from './support/agents.ts';
import { call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { commandLines } from './support/tasks.ts';
import { hostOf, openWindow, startAs, transcriptLines } from './support/windows.ts';

/** Its last tool has to be allowed by somebody, so it is at work until then. */
const PROMPT = [
  call('mcp__holdfast__bash', { command: 'echo from the server' }),
  call('Bash', { command: 'touch made' }),
].join('\n');
const SERVER = ['--allowedTools', 'mcp__holdfast'];

type Start = Parameters<typeof startAs>[2];

/** An agent in the background that has got as far as its question. */
async function startAsking(claude: Claude, policy: Start['policy']) {
  const session = randomUUID();
  const start = { session, policy, prompt: PROMPT, args: SERVER };
  const agent = await startAs(claude, 'background', start);
  await untilQuestion(claude);
  return { agent, session };
}

for (const version of claudeVersions) {
  void describe(`an agent of Claude Code ${version}`, { concurrency: 3 }, () => {
    test('that is persisted goes on after kill -9 of the window, and can be answered then', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const host = hostOf(claude);
      const window = openWindow(host);
      const { agent } = await startAsking(claude, { shutdown: 'keep', leaseGraceSec: 1 });
      sendSignal(window, 'SIGKILL');
      // Another task's time limit tells that the watcher had time enough.
      await untilOver(host, await start(host, ['sleep', '1000'], { policy: { timeLimitSec: 4 } }));
      assert.equal(look(host, agent).status, 'running');
      await claude.cli.json(['claude', 'answer', agent.id, '--allow']);
      assert.equal((await untilAgentEnds(claude, agent.id)).exitCode, 0);
    });

    test('that is not is ended gracefully when its window was killed, and by no reload', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const host = hostOf(claude);
      const window = openWindow(host);
      const policy = { shutdown: 'terminate', leaseGraceSec: 3 } as const;
      const { agent, session } = await startAsking(claude, policy);
      assert.match(await outputOf(claude, agent.id), /from the server/);
      sendSignal(window, 'SIGKILL');
      const reloaded = openWindow(host);
      await untilOver(host, await start(host, ['sleep', '1000'], { policy: { timeLimitSec: 6 } }));
      assert.equal(look(host, agent).status, 'running');
      sendSignal(reloaded, 'SIGKILL');
      const over = await untilOver(host, agent, 40_000);
      assert.deepEqual(over.stop, { by: 'keeper', reason: 'unleased' });
      assert.deepEqual([over.status, over.signal], ['killed', 'SIGTERM']);
      await waitFor(() => !commandLines(claude).some((line) => line.includes('claude')));
      assert.ok(transcriptLines(claude, session).some(({ type }) => type === 'assistant'));
      const resumed = await claude.prompt(['go on'], ['--resume', session]);
      assert.equal(resumed.exitCode, 0, resumed.stderr);
      assert.match(claude.api.textSince(claude.api.requests.length - 1), /from the server/);
    });

    test('in a kept terminal has its screen still for whoever attaches, and is ended as gracefully', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const host = hostOf(claude);
      const window = openWindow(host);
      const session = randomUUID();
      const kept = await startAs(claude, 'terminal', {
        session,
        policy: { shutdown: 'keep', leaseGraceSec: 1 },
      });
      const ended = await startAs(claude, 'terminal', {
        session: randomUUID(),
        policy: { shutdown: 'terminate', leaseGraceSec: 2 },
      });
      await untilPrompt(kept);
      await untilPrompt(ended);
      sendSignal(window, 'SIGKILL');
      const over = await untilOver(host, ended, 40_000);
      assert.deepEqual(over.stop, { by: 'keeper', reason: 'unleased' });
      assert.notEqual(over.signal, 'SIGKILL');
      await claude.cli.json(['send', kept.id, 'hello there', '--enter']);
      await waitFor(() => /●done/.test(plain(screenLog(kept))), {
        deadlineMs: 120_000,
        describe: () => `its answer: ${plain(screenLog(kept)).slice(-1500)}`,
      });
      await claude.cli.json(['kill', kept.id]);
      assert.ok(transcriptLines(claude, session).some(({ type }) => type === 'user'));
    });
  });
}

void describe('holdfast claude background', () => {
  test('says whether it goes on, by the environment first and the .env of the folder second', async (t) => {
    const claude = await startClaude(t, claudeVersions[0] ?? '');
    if (claude === undefined) return;
    const run = async (env: Record<string, string>): Promise<string> => {
      const words = ['claude', 'background', 'hello'];
      const ended = await claude.cli.call(words, { env: agentEnv(claude, env) });
      assert.equal(ended.exitCode, 0, ended.stderr);
      return ended.stderr;
    };
    assert.match(await run({}), /^holdfast: Claude sessions persisted$/m);
    writeFileSync(
      path.join(claude.folder, '.env'),
      '# ours\nexport PERSIST_CLAUDE_SESSIONS="false"\n',
    );
    assert.match(await run({}), /bash_2 is ended in 60 s unless/);
    assert.match(
      await run({ PERSIST_CLAUDE_SESSIONS: 'true' }),
      /^holdfast: Claude sessions persisted$/m,
    );
    for (const id of ['bash_1', 'bash_2', 'bash_3']) await untilAgentEnds(claude, id);
  });

  test('says so where there is no Claude Code, and begins nothing', async (t) => {
    if (existsSync('/usr/local/bin/claude') || existsSync('/opt/homebrew/bin/claude')) {
      t.skip('this machine has one');
      return;
    }
    const claude = await startClaude(t, claudeVersions[0] ?? '');
    if (claude === undefined) return;
    const ended = await claude.cli.call(['claude', 'background', 'hello'], {
      env: { PATH: '/nowhere', HOME: claude.folder },
    });
    assert.equal(ended.exitCode, 1);
    assert.match(ended.stderr, /`claude` is not on your PATH/);
    assert.deepEqual(await claude.cli.json(['tasks']), []);
  });
});

/** A program that draws may never end a line, so not as lines. */
function screenLog(task: TaskSnapshot): string {
  return readFileSync(filesOf(task).output, 'utf8');
}

async function untilPrompt(task: TaskSnapshot): Promise<void> {
  const text = (): string => plain(screenLog(task));
  const describe = (): string => `a prompt: ${text().slice(-1500)}`;
  await waitFor(() => text().includes('❯'), { deadlineMs: 120_000, describe });
}

function plain(text: string): string {
  return text.replaceAll(/\x1b\[[0-9;?<>=]*[ -/]*[@-~]/g, '').replaceAll(/\s+/g, ''); // eslint-disable-line no-control-regex -- escape sequences are what it takes out
}
