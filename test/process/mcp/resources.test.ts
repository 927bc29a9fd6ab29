import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import { mcpPlace } from './support/mcpClient.ts';

describe('the MCP resources', () => {
  it('are the output of each task and each session', async (test) => {
    const { client, call } = await (await mcpPlace(test)).connect();
    const meta = { 'holdfast/sessionId': 'project-main' };
    await call('bash', { command: 'echo hello', run_in_background: true }, { meta });
    const { resources } = await client.listResources();
    assert.deepEqual(
      resources.map(({ uri }) => uri),
      ['holdfast://tasks/bash_1/output', 'holdfast://sessions/project-main'],
    );
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.equal(resourceTemplates.length, 2);
    const read = async (uri: string): Promise<string> => {
      const { contents } = await client.readResource({ uri });
      const [first] = contents;
      assert.ok(first !== undefined && 'text' in first);
      return first.text;
    };
    assert.equal(await read('holdfast://tasks/bash_1/output'), 'hello\n');
    const record = JSON.parse(await read('holdfast://sessions/project-main')) as {
      backgroundTasks: Record<string, { status: string }>;
    };
    assert.equal(record.backgroundTasks['bash_1']?.status, 'completed');
    for (const uri of [
      'holdfast://tasks/bash_9/output',
      'holdfast://nothing',
      'holdfast://sessions/%',
    ]) {
      await assert.rejects(client.readResource({ uri }), /-32002/, uri);
    }
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'holdfast://tasks/{id}/output' },
      argument: { name: 'id', value: 'bash' },
    });
    assert.deepEqual(completion.values, ['bash_1']);
  });

  it('come in pages', async (test) => {
    const { client, call } = await (await mcpPlace(test)).connect();
    const names = Array.from({ length: 105 }, (_, index) => `session-${index}`);
    for (const name of names) {
      await call('list_bashes', {}, { meta: { 'holdfast/sessionId': name } });
    }
    const first = await client.listResources();
    assert.equal(first.resources.length, 100);
    const second = await client.listResources({ cursor: first.nextCursor });
    assert.equal(second.nextCursor, undefined);
    const listed = [...first.resources, ...second.resources].map(({ uri }) => uri);
    assert.deepEqual(listed.sort(), names.map((name) => `holdfast://sessions/${name}`).sort());
    await assert.rejects(client.listResources({ cursor: 'x' }), /no cursor/);
  });
});

describe('what the client is told without asking', () => {
  it('is that tasks come, print and end, whoever does it', async (test) => {
    const place = await mcpPlace(test);
    const watching = await place.connect();
    const acting = await place.connect();
    await acting.call('bash', { command: 'true' });
    // From now on there is a store to look at.
    await watching.call('list_bashes');
    const command =
      'while [ ! -e go ]; do sleep 0.02; done; echo more; while [ ! -e end ]; do sleep 0.02; done; exit 3';
    await acting.call('bash', { command, run_in_background: true });
    const { client, news } = watching;
    await waitFor(() => news.some(({ kind }) => kind === 'listChanged'));
    const uri = 'holdfast://tasks/bash_1/output';
    await client.subscribeResource({ uri });
    await acting.call('bash', { command: 'touch go' });
    await waitFor(() => news.some(({ kind, data }) => kind === 'updated' && data === uri));
    await acting.call('bash', { command: 'touch end' });
    const log = await waitFor(() => news.find(({ kind }) => kind === 'log'));
    const { level, data } = log.data as { level: string; data: Record<string, unknown> };
    assert.equal(level, 'warning');
    assert.match(String(data['message']), /^bash_1 failed \(exit 3\): while/);
    await client.unsubscribeResource({ uri });
    const logs = news.filter(({ kind }) => kind === 'log').length;
    assert.equal(logs, 1, 'commands that are waited for are no news');
  });

  it('is the end of its own task, also in a workspace that has had none', async (test) => {
    const place = await mcpPlace(test);
    const { call, news } = await place.connect();
    const command = 'while [ ! -e end ]; do sleep 0.02; done';
    await call('bash', { command, run_in_background: true });
    writeFileSync(path.join(place.workspace, 'end'), '');
    const log = await waitFor(() => news.find(({ kind }) => kind === 'log'));
    const { level, data } = log.data as { level: string; data: Record<string, unknown> };
    assert.equal(level, 'notice');
    assert.deepEqual(
      [data['bash_id'], data['status'], data['exit_code']],
      ['bash_1', 'completed', 0],
    );
  });

  it('is the end of what another starts in a workspace that has had none, however short', async (test) => {
    const place = await mcpPlace(test);
    const watching = await place.connect();
    await watching.call('list_bashes');
    const acting = await place.connect();
    await acting.call('bash', { command: 'true', run_in_background: true });
    const { news } = watching;
    const log = await waitFor(() => news.find(({ kind }) => kind === 'log'));
    assert.match(JSON.stringify(log.data), /bash_1 finished/);
    assert.ok(news.some(({ kind }) => kind === 'listChanged'));
  });

  it('is progress, while a call waits, to a client that wants it', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    await call('bash', { command: 'sleep 600', run_in_background: true });
    const told: string[] = [];
    const onprogress = ({ message }: { message?: string | undefined }): void => {
      told.push(message ?? '');
    };
    await call('bash_output', { bash_id: 'bash_1', wait_ms: 100 }, { onprogress });
    assert.deepEqual(told, ['waiting for bash_1']);
  });
});
