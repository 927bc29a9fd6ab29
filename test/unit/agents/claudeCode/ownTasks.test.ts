import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newsAtSessionStart } from '../../../../src/core/agents/claude-code/atSessionStart.ts';
import { linkTask } from '../../../../src/core/agents/claude-code/claudeTasks.ts';
import type { SessionStart } from '../../../../src/core/agents/claude-code/hookInput.ts';
import { newsOfEnds, tasksToWaitFor } from '../../../../src/core/agents/claude-code/wake.ts';
import { createSession } from '../../../../src/core/sessions/createSession.ts';
import { COOKIE_VARIABLE } from '../../../../src/core/tasks/environment.ts';
import type { TaskHost } from '../../../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../../../src/core/tasks/types.ts';
import { createTaskHost, start, untilOver } from '../../../support/taskHost.ts';

const A = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a01';
const B = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a02';
const UNTIL_OVER = 'until [ -e over ]; do sleep 0.05; done; exit 3';
const ofOurTools = { claudeTask: undefined, toolUse: undefined };

function eventOf(host: TaskHost, conversation: string): SessionStart {
  return { session_id: conversation, cwd: host.workspace.folder, source: 'resume' };
}

function waitedFor(host: TaskHost, conversation: string): readonly string[] {
  return tasksToWaitFor(host, eventOf(host, conversation));
}

function insideOf(task: TaskSnapshot, host: TaskHost): TaskHost {
  return { ...host, environment: { ...host.environment, [COOKIE_VARIABLE]: task.cookie } };
}

test('a Claude that runs in a task is told of the others in the folder, and not of its own', async (t) => {
  const host = await createTaskHost(t);
  const around = await start(host, 'sleep 600', { title: 'Claude' });
  const inside = insideOf(around, host);
  assert.equal(newsAtSessionStart(inside, eventOf(host, A), undefined), undefined);
  await start(host, 'sleep 601');
  const text = newsAtSessionStart(inside, eventOf(host, A), undefined) ?? '';
  assert.match(text, /started elsewhere: bash_2 \(sleep 601\)\./);
});

test('a Claude that runs in a task does not wait for the end of that task', async (t) => {
  const host = await createTaskHost(t);
  const session = createSession(host, { cwd: host.workspace.folder });
  const around = await start({ ...host, face: 'mcp' }, 'sleep 600', { session });
  linkTask(host.workspace.home, A, around, ofOurTools);
  assert.deepEqual(waitedFor(host, A), [around.directory]);
  assert.deepEqual(waitedFor(insideOf(around, host), A), []);
});

test('of two Claudes in one session only that one is woken which has started the task', async (t) => {
  const host = await createTaskHost(t);
  const session = createSession(host, { cwd: host.workspace.folder });
  const task = await start({ ...host, face: 'mcp' }, UNTIL_OVER, { session });
  linkTask(host.workspace.home, A, task, ofOurTools);
  assert.deepEqual(waitedFor(host, A), [task.directory]);
  assert.deepEqual(waitedFor(host, B), []);
  writeFileSync(path.join(host.workspace.folder, 'over'), '');
  await untilOver(host, task);
  assert.equal(
    newsOfEnds(host, eventOf(host, B), () => session),
    undefined,
  );
  const news = newsOfEnds(host, eventOf(host, A), () => session) ?? '';
  assert.match(news, /a background task of this conversation ended/);
  assert.match(news, /bash_1 failed \(exit 3\)/);
});

test('nobody is woken by a task of their session that no agent has started', async (t) => {
  const host = await createTaskHost(t);
  const session = createSession(host, { cwd: host.workspace.folder });
  await start({ ...host, face: 'cli' }, 'sleep 600', { session });
  await start({ ...host, face: 'vscode' }, 'sleep 600', { session });
  assert.deepEqual(waitedFor(host, A), []);
});

test('nobody is woken by a background command of Claude Code itself, whose end it hears of', async (t) => {
  const host = await createTaskHost(t);
  newsAtSessionStart(host, eventOf(host, A), undefined);
  const task = await start({ ...host, face: 'claude' }, 'sleep 600');
  linkTask(host.workspace.home, A, task, ofOurTools);
  assert.deepEqual(waitedFor(host, A), []);
});

test('at its next start a Claude is told of a task that it has started by our tools as its own', async (t) => {
  const host = await createTaskHost(t);
  const task = await start({ ...host, face: 'mcp' }, 'sleep 600');
  linkTask(host.workspace.home, A, task, ofOurTools);
  const own = newsAtSessionStart(host, eventOf(host, A), undefined) ?? '';
  assert.match(own, /- bash_1 is running, pid \d+; no new lines: sleep 600/);
  assert.doesNotMatch(own, /started elsewhere/);
  const others = newsAtSessionStart(host, eventOf(host, B), undefined) ?? '';
  assert.match(others, /started elsewhere: bash_1/);
});
