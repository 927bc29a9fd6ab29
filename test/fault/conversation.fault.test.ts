import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openConversation } from '../../src/core/agents/conversation/conversation.ts';
import {
  INTERRUPTED,
  pairCalls,
  type PairedCall,
} from '../../src/core/agents/conversation/pairing.ts';
import { runTurn } from '../../src/core/agents/conversation/runTurn.ts';
import { adoptAbandoned } from '../../src/core/agents/tools/adoptAbandoned.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { resumeSession } from '../../src/core/sessions/resumeSession.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import { findTask, listTasks } from '../../src/core/tasks/listTasks.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../src/core/tasks/types.ts';
import { createTaskHost, untilOver } from '../support/taskHost.ts';
import type { Cleanup } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';
import { assertRules } from '../unit/agents/conversation/assertRules.ts';
import { scriptedModel, text } from '../unit/agents/conversation/scriptedModel.ts';
import { buildFace, killAtEveryCall, runFace, startFace } from './support/face.ts';

const OLD = 'this is wrong\n';
const NEW = 'this is right\n';

/** What the next window finds of a conversation, and what its model is given. */
interface NextDay {
  readonly calls: readonly PairedCall[];
  /** All that the model was sent. */
  readonly heard: string;
}

/** Takes the session up as a window does, and lets a model go on with it. */
async function goOn(host: TaskHost, session: string): Promise<NextDay> {
  adoptAbandoned(host);
  const store = new SessionStore(host);
  const { journal, lease, summary } = resumeSession(store, session);
  try {
    const conversation = openConversation({ host, store, journal, reader: 'chat' });
    conversation.noteResume(summary);
    const model = scriptedModel([[text('On we go.')]]);
    const outcome = await runTurn({
      ...{ conversation, model, system: 'You are a test.', prompt: 'go on', tools: [] },
      callTool: () => Promise.reject(new Error('nothing is called')),
      signal: new AbortController().signal,
      onPart: () => undefined,
    });
    assert.deepEqual(outcome, { kind: 'completed' });
    const { messages = [] } = model.requests[0] ?? {};
    assertRules(messages);
    const calls = pairCalls(conversation.history.entries);
    assert.ok(calls.every(({ result }) => result !== undefined));
    assert.equal(store.fold(session).state.openToolCalls.size, 0);
    return { calls, heard: JSON.stringify(messages) };
  } finally {
    lease.dispose();
  }
}

function succeeded(calls: readonly PairedCall[], name: string): PairedCall | undefined {
  return calls.find(({ call, result }) => call.name === name && result?.isError !== true);
}

/** The tasks of a session; the one thing that runs in it is what its model has started. */
function tasksOf(host: TaskHost, session: string): TaskSnapshot[] {
  const { tasks, unreadable } = listTasks(host.workspace, host.clock.now());
  assert.deepEqual(unreadable, []);
  return tasks.filter((task) => task.session === session);
}

void describe('SIGKILL in the middle of a turn', () => {
  let program = '';
  const cleanUps: (() => Promise<void>)[] = [];
  const suite: Cleanup = { after: (cleanUp) => void cleanUps.push(cleanUp) };
  before(async () => {
    program = await buildFace(suite, 'turnProgram.ts');
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  void it('at any call: files are whole, tasks belong to the session, and the model goes on', async (test) => {
    const host = await createTaskHost(test);
    const file = path.join(host.workspace.folder, 'code.txt');
    const deaths = await killAtEveryCall(async (lastCall) => {
      const session = `fix-${lastCall}`;
      writeFileSync(file, OLD);
      createSession(host, { id: session });
      const hasDied = await runFace(program, host, session, lastCall);
      const content = readFileSync(file, 'utf8');
      assert.ok(content === OLD || content === NEW, content);
      const { calls, heard } = await goOn(host, session);
      if (succeeded(calls, 'edit') !== undefined) assert.equal(content, NEW);
      if (!hasDied)
        assert.deepEqual(
          calls.filter(({ result }) => result?.isError === true),
          [],
        );
      const started = tasksOf(host, session);
      const known = new SessionStore(host).fold(session).state.tasks;
      for (const task of started) {
        if (task.status !== 'lost') assert.ok(known.has(task.id), `${task.id} of ${session}`);
        // One whose starter died before its keeper began is lost when its time is up.
        if (task.pid === undefined || task.status !== 'running') continue;
        assert.match(heard, new RegExp(`${task.id}\\b`));
        await killTask(host, task, { graceMs: 1000 });
      }
      assert.ok(started.length <= 2, 'nothing was started twice');
      return hasDied;
    });
    test.diagnostic(`${deaths} deaths`);
    assert.ok(deaths > 30, `${deaths} deaths`);
  });

  void it('while a command runs: the call is marked, the command is a task of the session, and its end is known', async (test) => {
    const host = await createTaskHost(test);
    const inFolder = (name: string): string => path.join(host.workspace.folder, name);
    createSession(host, { id: 'wait' });
    const face = startFace(program, host, 'wait');
    await waitFor(() => existsSync(inFolder('begun')));
    assert.deepEqual(
      tasksOf(host, 'wait').filter(({ isForeground }) => isForeground !== true),
      [],
    );
    process.kill(face.pid, 'SIGKILL');
    await face.ended;

    const { calls, heard } = await goOn(host, 'wait');
    assert.deepEqual(
      calls.map(({ result }) => [result?.output, result?.isError]),
      [
        [INTERRUPTED, true],
        [INTERRUPTED, true],
      ],
    );
    assert.match(heard, /bash_1\b[^"]*runs/);
    const task = findTask(host.workspace, 'bash_1', host.clock.now());
    assert.equal(task.status, 'running');
    writeFileSync(inFolder('go'), '');
    assert.equal((await untilOver(host, task)).exitCode, 3);
    const later = await goOn(host, 'wait');
    assert.match(later.heard, /bash_1\b[^"]*exit code 3|bash_1\b[^"]*failed/);
    const { end } = new SessionStore(host).fold('wait').state.tasks.get('bash_1') ?? {};
    assert.equal(end?.exitCode, 3);
  });
});
