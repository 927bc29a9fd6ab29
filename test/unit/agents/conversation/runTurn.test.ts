import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistory } from '../../../../src/core/agents/conversation/history.ts';
import type { StreamPart } from '../../../../src/core/agents/conversation/model.ts';
import { INTERRUPTED } from '../../../../src/core/agents/conversation/pairing.ts';
import { branchSession } from '../../../../src/core/sessions/branchSession.ts';
import { readMessages } from '../../../../src/core/sessions/readMessages.ts';
import { sessionFilesOf } from '../../../../src/core/sessions/sessionFiles.ts';
import { waitFor } from '../../../support/waitFor.ts';
import { call, scriptedModel, text } from './scriptedModel.ts';
import { startTalk, type Talk } from './talk.ts';

function rolesOf({ host }: Talk): string[] {
  return readMessages(sessionFilesOf(host.workspace, 'talk')).map(({ role }) => role);
}

describe('runTurn', () => {
  it('journals each step before the next one begins', async (test) => {
    const talk = await startTalk(test);
    const atCall: string[][] = [];
    const model = scriptedModel([
      [text('I '), text('look.'), call('1', 'read', { file_path: 'a' }), call('2', 'glob')],
      async function* () {
        atCall.push(rolesOf(talk));
        yield await Promise.resolve(text('Done.'));
      },
    ]);
    const outcome = await talk.turn(model, 'find it', {
      callTool: (wanted) => {
        atCall.push(rolesOf(talk));
        return Promise.resolve({ output: wanted.name, isError: false, task: 'bash_1' });
      },
    });
    assert.deepEqual(outcome, { kind: 'completed' });
    assert.deepEqual(atCall, [
      ['user', 'assistant'],
      ['user', 'assistant', 'tool'],
      ['user', 'assistant', 'tool', 'tool'],
    ]);
    assert.deepEqual(rolesOf(talk), ['user', 'assistant', 'tool', 'tool', 'assistant']);
    const [, answer, result] = talk.conversation.history.entries;
    assert.deepEqual(answer?.parts[0], { type: 'text', text: 'I look.' });
    assert.deepEqual(result?.parts, [
      { type: 'tool-result', id: '1', output: 'read', task: 'bash_1' },
    ]);
    assert.deepEqual(
      talk.parts.map(({ type }) => type),
      ['text', 'text', 'tool-call', 'tool-result', 'tool-call', 'tool-result', 'text'],
    );
  });

  it('goes on with the whole history in another process', async (test) => {
    const talk = await startTalk(test);
    await talk.turn(scriptedModel([[call('1', 'read')], [text('It is a.')]]), 'what is it?');
    const model = scriptedModel([[text('Yes.')]]);
    await talk.turn(model, 'sure?', { conversation: talk.reopen() });
    const [request] = model.requests;
    assert.deepEqual(
      request?.messages.map(({ role, parts }) => [role, ...parts.map(({ type }) => type)]),
      [
        ['user', 'text'],
        ['assistant', 'tool-call'],
        ['user', 'tool-result'],
        ['assistant', 'text'],
        ['user', 'text'],
      ],
    );
  });

  it('resumes cleanly when it was killed between a call and its result', async (test) => {
    const talk = await startTalk(test);
    const killed = new Error('killed');
    const journal = talk.conversation.journal;
    await talk
      .turn(scriptedModel([[call('1', 'bash'), call('2', 'bash')]]), 'run it', {
        callTool: (wanted) => {
          if (wanted.id === '1') return Promise.resolve({ output: 'ok', isError: false });
          // Nothing of this process is written any more.
          journal.append = () => {
            throw killed;
          };
          return Promise.resolve({ output: 'never seen', isError: false });
        },
      })
      .catch((error: unknown) => {
        assert.equal(error, killed);
      });
    assert.deepEqual([...talk.store.fold('talk').state.openToolCalls.keys()], ['2']);
    const model = scriptedModel([[text('I look again.')]]);
    await talk.turn(model, '', { conversation: talk.reopen() });
    assert.equal(talk.store.fold('talk').state.openToolCalls.size, 0);
    const results = model.requests[0]?.messages.at(-1)?.parts;
    assert.deepEqual(
      results?.map((part) => part.type === 'tool-result' && [part.id, part.output]),
      [
        ['1', 'ok'],
        ['2', INTERRUPTED],
      ],
    );
  });

  it('keeps what a killed window had received of an answer, also while the model says nothing', async (test) => {
    const talk = await startTalk(test);
    const written = (): string => {
      const { entries } = readHistory(sessionFilesOf(talk.host.workspace, 'talk'));
      return JSON.stringify(entries.slice(1).map(({ parts }) => parts));
    };
    const model = scriptedModel([
      async function* () {
        yield text('one ');
        yield text('two ');
        await waitFor(() => written().includes('one two '));
        yield text('three ');
        yield await Promise.resolve(call('1', 'count'));
      },
      [text('Four.')],
    ]);
    await talk.turn(model, 'count');
    const [, answer] = model.requests[1]?.messages ?? [];
    assert.deepEqual(answer, {
      role: 'assistant',
      parts: [
        { type: 'text', text: 'one two three ' },
        { type: 'tool-call', id: '1', name: 'count', input: {} },
      ],
    });
  });

  it('tells the model that its answer broke off when the window was killed in it', async (test) => {
    const talk = await startTalk(test);
    const written = (): string => {
      const { entries } = readHistory(sessionFilesOf(talk.host.workspace, 'talk'));
      return JSON.stringify(entries.at(-1));
    };
    const killed = new Error('killed');
    const model = scriptedModel([
      async function* () {
        yield text('one two ');
        await waitFor(() => written().includes('one two '));
        // Nothing of this process is written any more.
        talk.conversation.journal.append = () => {
          throw killed;
        };
        yield text('three ');
      },
      [text('three.')],
      [text('yes.')],
    ]);
    await talk.turn(model, 'count').catch(() => undefined);
    const conversation = talk.reopen();
    assert.equal(conversation.history.entries.at(-1)?.isUnfinished, true);
    await talk.turn(model, undefined, { conversation });
    assert.match(
      JSON.stringify(model.requests[1]?.messages.at(-1)),
      /broke off\. Go on from there/,
    );
    assert.equal(conversation.history.entries.at(-1)?.isUnfinished, false);
  });

  it('has an answer that is written in pieces as one message, whole as soon as it ends', async (test) => {
    const talk = await startTalk(test);
    const model = scriptedModel([
      async function* () {
        yield text('All of it');
        await waitFor(() => talk.conversation.history.entries.at(-1)?.isUnfinished);
      },
    ]);
    await talk.turn(model, 'say it');
    const [, answer, ...more] = talk.conversation.history.entries;
    assert.deepEqual(answer?.parts, [{ type: 'text', text: 'All of it' }]);
    assert.equal(answer.isUnfinished, false);
    assert.deepEqual(more, []);
    assert.deepEqual(rolesOf(talk), ['user', 'assistant']);
    assert.equal(talk.store.fold('talk').state.messageCount, 2);
  });

  it('stops at once when it is cancelled, and keeps what came', async (test) => {
    const talk = await startTalk(test);
    const cancel = new AbortController();
    const model = scriptedModel([
      async function* (): AsyncGenerator<StreamPart> {
        yield text('half');
        yield call('1', 'bash');
        cancel.abort();
        // A provider that does not notice.
        await new Promise(() => undefined);
      },
      [text('on')],
    ]);
    const outcome = await talk.turn(model, 'go', { signal: cancel.signal });
    assert.deepEqual(outcome, { kind: 'cancelled' });
    assert.deepEqual(talk.conversation.history.entries[1]?.parts, [{ type: 'text', text: 'half' }]);
    await talk.turn(model);
    const last = model.requests[1]?.messages.at(-1);
    assert.equal(last?.role, 'user');
    assert.match(JSON.stringify(last.parts), /broke off/);
  });

  it('answers the calls that are left when it is cancelled during one', async (test) => {
    const talk = await startTalk(test);
    const cancel = new AbortController();
    const outcome = await talk.turn(scriptedModel([[call('1', 'a'), call('2', 'b')]]), 'go', {
      signal: cancel.signal,
      callTool: (_call, signal) => {
        cancel.abort();
        signal.throwIfAborted();
        return Promise.resolve({ output: '', isError: false });
      },
    });
    assert.deepEqual(outcome, { kind: 'cancelled' });
    assert.equal(talk.store.fold('talk').state.openToolCalls.size, 0);
  });

  it('tells what went wrong with the model, and loses nothing', async (test) => {
    const talk = await startTalk(test);
    const failure = { kind: 'quota', message: 'none left' } as const;
    const model = scriptedModel([
      [text('I beg'), { type: 'failed', failure }],
      () => {
        throw new Error('no such model');
      },
      [text('Now.')],
    ]);
    assert.deepEqual(await talk.turn(model, 'go'), { kind: 'failed', failure });
    const thrown = await talk.turn(model);
    assert.ok(thrown.kind === 'failed' && thrown.failure.kind === 'unknown');
    assert.deepEqual(await talk.turn(model), { kind: 'completed' });
    assert.match(JSON.stringify(model.requests[2]?.messages), /"go".*"I beg".*broke off/);
  });

  it('ends after so many rounds, and goes on when asked', async (test) => {
    const talk = await startTalk(test);
    const model = scriptedModel([[call('1', 'a')], [call('1', 'a')], [text('done')]]);
    const outcome = await talk.turn(model, 'go', { maxRounds: 2 });
    assert.deepEqual(outcome, { kind: 'roundsExhausted', rounds: 2 });
    assert.deepEqual(await talk.turn(model), { kind: 'completed' });
    // The provider used the same id twice.
    const ids = talk.conversation.usedCallIds();
    assert.deepEqual([...ids], ['1', '1_2']);
  });

  it('turns the failure of a tool into a result for the model', async (test) => {
    const talk = await startTalk(test);
    const model = scriptedModel([[call('1', 'a')], [text('I see.')]]);
    await talk.turn(model, 'go', { callTool: () => Promise.reject(new Error('broken')) });
    assert.match(JSON.stringify(model.requests[1]?.messages.at(-1)), /broken.*"isError":true/);
  });

  it('takes attachments into the message and into the files in context', async (test) => {
    const talk = await startTalk(test);
    const model = scriptedModel([[text('ok')]]);
    const path = `${talk.host.workspace.folder}/a.txt`;
    await talk.turn(model, 'look', { attachments: [{ name: 'a.txt', text: 'content', path }] });
    assert.match(JSON.stringify(model.requests[0]?.messages[0]), /look.*attachment name.*content/);
    assert.ok(talk.store.fold('talk').state.files.get(path)?.isRead);
  });

  it('has the past of the parent in a branch, and nothing of what comes after', async (test) => {
    const talk = await startTalk(test);
    await talk.turn(scriptedModel([[text('one')]]), 'first');
    const id = branchSession(talk.store, 'talk');
    await talk.turn(scriptedModel([[text('two')]]), 'second');
    const branch = readHistory(sessionFilesOf(talk.host.workspace, id));
    assert.equal(branch.entries.length, 2);
    assert.equal(talk.conversation.history.entries.length, 4);
  });
});
