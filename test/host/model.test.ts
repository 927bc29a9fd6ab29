import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { silentLog } from '../../src/core/common/log.ts';
import { ModelList } from '../../src/vscode/model/modelList.ts';
import { startModelService, type ServiceAnswer } from '../support/modelService.ts';
import { waitFor } from '../support/waitFor.ts';
import { call } from './support/sessions.ts';

const cleanUps: (() => unknown)[] = [];
const test = { after: (cleanUp: () => unknown) => void cleanUps.push(cleanUp) };

async function ownModels(): Promise<vscode.LanguageModelChat[]> {
  return vscode.lm.selectChatModels({ vendor: 'holdfast' });
}

/** Sets up a service as the wizard does, and gives its model. */
async function setUp(
  answer: () => ServiceAnswer,
): Promise<{ model: vscode.LanguageModelChat; keys: () => unknown[] }> {
  const service = await startModelService(test, answer, [
    { id: 'm-1', display_name: 'Model One', max_input_tokens: 100_000, max_tokens: 1000 },
  ]);
  const ids = await call('model.setUp', { baseUrl: service.url, apiKey: 'secret-key' });
  assert.deepEqual(ids, ['m-1']);
  const model = await waitFor(async () => (await ownModels())[0], {
    deadlineMs: 30_000,
    describe: 'the model',
  });
  return { model, keys: () => service.requests.map(({ headers }) => headers['x-api-key']) };
}

async function drain({ stream }: vscode.LanguageModelChatResponse): Promise<number> {
  let count = 0;
  const parts = stream[Symbol.asyncIterator]();
  while ((await parts.next()).done !== true) count += 1;
  return count;
}

describe('a model of our own', function () {
  this.timeout(60_000);

  afterEach(async () => {
    await call('model.forgetKey');
    const configuration = vscode.workspace.getConfiguration('holdfast.model');
    await configuration.update('baseUrl', undefined, vscode.ConfigurationTarget.Global);
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  it('is there once a service has been set up, and answers with text and calls', async () => {
    const { model, keys } = await setUp(() => ({
      blocks: [
        { type: 'thinking', thinking: 'hm', signature: 'sig' },
        { type: 'text', text: 'Hello there' },
        { type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'ls' } },
      ],
    }));
    assert.equal(model.name, 'Model One');
    const response = await model.sendRequest([vscode.LanguageModelChatMessage.User('hello')], {
      tools: [{ name: 'bash', description: 'Runs', inputSchema: { type: 'object' } }],
    });
    let text = '';
    const calls: unknown[] = [];
    for await (const part of response.stream) {
      if (part instanceof vscode.LanguageModelTextPart) text += part.value;
      if (part instanceof vscode.LanguageModelToolCallPart) calls.push([part.name, part.input]);
    }
    assert.equal(text, 'Hello there', 'thinking is no part of the text');
    assert.deepEqual(calls, [['bash', { command: 'ls' }]]);
    assert.deepEqual(keys(), ['secret-key']);
  });

  it('tells in words of the service what went wrong', async () => {
    const { model } = await setUp(() => ({ status: 401, error: 'invalid x-api-key' }));
    await assert.rejects(async () => {
      const response = await model.sendRequest([vscode.LanguageModelChatMessage.User('hello')]);
      await drain(response);
    }, /invalid x-api-key/);
  });

  it('sends the key of one service to no other', async () => {
    await setUp(() => ({ blocks: [] }));
    const other = await startModelService(test, () => ({ blocks: [{ type: 'text', text: 'x' }] }), [
      { id: 'other' },
    ]);
    const configuration = vscode.workspace.getConfiguration('holdfast.model');
    await configuration.update('baseUrl', other.url, vscode.ConfigurationTarget.Global);
    const model = await waitFor(async () => (await ownModels()).find(({ id }) => id === 'other'), {
      deadlineMs: 30_000,
      describe: 'the other model',
    });
    const response = await model.sendRequest([vscode.LanguageModelChatMessage.User('hello')]);
    await drain(response);
    assert.equal(other.requests[0]?.headers['x-api-key'], undefined);
    assert.doesNotMatch(JSON.stringify(other.requests), /secret-key/);
  });
});

describe('the list of models', () => {
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  /** As in a window of its own; all of them share a storage that nobody has made yet. */
  function storage() {
    const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hf-models-')));
    test.after(() => {
      rmSync(scratch, { recursive: true, force: true });
    });
    const clock = { nowMs: 0, now: () => clock.nowMs };
    const openList = () => {
      const told = { changes: 0 };
      const list = new ModelList({
        directory: path.join(scratch, 'not', 'there'),
        keys: { get: () => Promise.resolve(undefined) },
        log: silentLog,
        clock,
        onDidChange: () => (told.changes += 1),
      });
      const ids = async (baseUrl: string): Promise<string[]> => {
        const models = await list.list({ baseUrl, names: [], thinkingTokens: 0 });
        return models.map(({ id }) => id);
      };
      return { ids, told };
    };
    return { clock, openList };
  }

  it('is remembered for the next window, which sees soon what has changed', async () => {
    const models = [{ id: 'old' }];
    const { url } = await startModelService(test, () => ({ blocks: [] }), models);
    const { openList } = storage();
    assert.deepEqual(await openList().ids(url), ['old']);
    models[0] = { id: 'new' };
    const next = openList();
    assert.deepEqual(await next.ids(url), ['old']);
    await waitFor(() => next.told.changes === 1);
    assert.deepEqual(await next.ids(url), ['new']);
    assert.equal(next.told.changes, 1);
  });

  it('is asked for again when the service did not answer, but not at once', async () => {
    const models: object[] = [];
    const { url } = await startModelService(test, () => ({ blocks: [] }), models);
    const { openList, clock } = storage();
    const { ids } = openList();
    assert.deepEqual(await ids(url), []);
    models.push({ id: 'late' });
    assert.deepEqual(await ids(url), []);
    clock.nowMs += 60_000;
    assert.deepEqual(await ids(url), ['late']);
  });
});
