import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { openQuestions } from '../../src/core/agents/claude-code/background/questions.ts';
import { claudeDirectoryOf } from '../../src/core/agents/claude-code/transcripts/claudeDirectory.ts';
import { listTranscriptFiles } from '../../src/core/agents/claude-code/transcripts/transcriptFiles.ts';
import type { TaskSnapshot } from '../../src/core/tasks/types.ts';
import { AgentQuestions } from '../../src/vscode/claude/agentQuestions.ts';
import { badgeFor } from '../../src/vscode/views/taskTree.ts';
import { createTaskItem } from '../../src/vscode/views/taskTreeItem.ts';
import { viewMessage } from '../../src/vscode/views/viewMessage.ts';
import { answerFirstQuestions, claudeOnPath } from '../support/claudeOnPath.ts';
import { startMessagesApi, type MessagesApi } from '../support/messagesApi.ts';
import { waitFor } from '../support/waitFor.ts';
import { removeAllSessions } from './support/sessions.ts';
import { TaskWindow } from './support/taskWindow.ts';
import { killAllTasks, openFolder, readTaskOf, untilOver } from './support/tasks.ts';

const VERSION = '2.1.197';

function execute(command: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...args);
}

describe('Claude as a task', () => {
  const cleanUps: (() => Promise<void>)[] = [];
  const earlier = { ...process.env };
  let api: MessagesApi;
  let directory: string | undefined;

  before(async function () {
    api = await startMessagesApi({ after: (cleanUp) => void cleanUps.push(cleanUp) });
    directory = mkdtempSync(path.join(os.tmpdir(), 'holdfast-agents-'));
    const env = claudeOnPath(VERSION, directory, api);
    if (env === undefined) this.skip();
    answerFirstQuestions(directory, openFolder());
    // The window's own environment is what a user has.
    Object.assign(process.env, env);
  });

  afterEach(async () => {
    delete process.env['PERSIST_CLAUDE_SESSIONS'];
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await killAllTasks();
    await removeAllSessions();
  });

  after(async () => {
    for (const name of Object.keys(process.env)) {
      if (!(name in earlier)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, earlier);
    for (const cleanUp of cleanUps) await cleanUp();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  async function runAgent(prompt: string): Promise<string> {
    const id = await execute('holdfast.claude.runInBackground', { prompt });
    assert.ok(typeof id === 'string', 'no agent was started');
    return id;
  }

  async function untilAsking(id: string): Promise<TaskSnapshot> {
    return waitFor(
      () => {
        const task = readTaskOf(id);
        return openQuestions(task).length > 0 && task;
      },
      { deadlineMs: 120_000, describe: 'a question' },
    );
  }

  it('works in the background, asks, and goes on when it is answered', async () => {
    const name = `made-${Date.now()}`;
    const command = JSON.stringify({ command: `touch ${name}` });
    const id = await runAgent(`make it\n@@Bash ${command}`);
    const asking = await untilAsking(id);
    const item = createTaskItem(asking, '', Date.now());
    assert.equal(item.description, `waits for you · Bash: touch ${name}`);
    assert.equal(item.contextValue, 'task.running.waiting');
    assert.equal(await execute('holdfast.claude.answer', { task: id, kind: 'once' }), true);
    assert.equal((await untilOver(id)).exitCode, 0);
    const made = path.join(openFolder(), name);
    assert.ok(existsSync(made));
    rmSync(made);
    assert.equal(await execute('holdfast.claude.answer', { task: id, kind: 'once' }), undefined);
  });

  it('ends with the last window by default, and goes on when it is to be persisted', async () => {
    const ask = `@@Bash ${JSON.stringify({ command: 'touch no' })}`;
    const ended = await runAgent(ask);
    assert.equal(readTaskOf(ended).policy.shutdown, 'terminate');
    process.env['PERSIST_CLAUDE_SESSIONS'] = 'true';
    const kept = await runAgent(ask);
    assert.equal(readTaskOf(kept).policy.shutdown, 'keep');
    delete process.env['PERSIST_CLAUDE_SESSIONS'];
    const settings = vscode.workspace.getConfiguration('holdfast');
    await settings.update('persistSessions', true, vscode.ConfigurationTarget.Global);
    const set = await runAgent(ask);
    await settings.update('persistSessions', undefined, vscode.ConfigurationTarget.Global);
    assert.equal(readTaskOf(set).policy.shutdown, 'keep');
  });

  it('starts in a kept terminal, and its session goes on in another one', async () => {
    const id = await execute('holdfast.claude.startInTerminal');
    assert.ok(typeof id === 'string');
    const terminal = await waitFor(() =>
      vscode.window.terminals.find((each) => each.name.startsWith(`${id}:`)),
    );
    const shown = (): string => readLog(id);
    await waitFor(() => shown().includes('❯'), { deadlineMs: 30_000, describe: shown });
    // It shows its prompt before it reads, and may then read a line as a paste.
    await waitFor(
      async () => {
        terminal.sendText('hello there', false);
        await waitFor(() => shown().includes('hello'), { deadlineMs: 5000 });
        terminal.sendText('\r', false);
        return waitFor(() => shown().includes('done'), { deadlineMs: 10_000 });
      },
      { deadlineMs: 45_000, describe: shown },
    );
    const { agent } = readTaskOf(id);
    // Also the title that Claude Code asks for says "done", and a session can be resumed when its answer is written.
    await waitFor(() => readTranscript(agent?.session ?? '').includes('"type":"assistant"'), {
      deadlineMs: 30_000,
    });
    await execute('holdfast.tasks.kill', [id]);
    const again = await execute('holdfast.claude.resumeInTerminal', agent?.session);
    assert.ok(typeof again === 'string');
    assert.equal(readTaskOf(again).agent?.session, agent?.session);
    await waitFor(() => readLog(again).includes('hello'), {
      deadlineMs: 30_000,
      describe: () => readLog(again),
    });
  });
});

describe('the view of an agent that waits', () => {
  it('has a badge and a message as long as somebody has to answer', async () => {
    const window = new TaskWindow();
    try {
      const questions = window.disposables.add(new AgentQuestions(window));
      assert.deepEqual([questions.waiting, badgeFor(0, 0)], [[], undefined]);
      assert.deepEqual(badgeFor(2, 0), { value: 2, tooltip: '2 background tasks running' });
      assert.deepEqual(badgeFor(3, 1), {
        value: 1,
        tooltip: '1 question of Claude waits for you, 3 background tasks running',
      });
      const task = await window.start('sleep 1000');
      const question = {
        v: 1,
        id: 'a',
        askedAt: '',
        tool: 'Bash',
        input: {},
        about: '',
        offers: [],
      };
      assert.match(
        viewMessage([task], [], [{ task, question: { ...question, v: 1 } }]) ?? '',
        /^Claude waits for you in bash_1\./,
      );
    } finally {
      await window.close();
    }
  });
});

function readTranscript(session: string): string {
  const files = listTranscriptFiles(claudeDirectoryOf(process.env));
  const file = files.find(({ id }) => id === session);
  return file === undefined ? '' : readFileSync(file.path, 'utf8');
}

function readLog(id: string): string {
  return readFileSync(path.join(readTaskOf(id).directory, 'output.log'), 'utf8');
}
