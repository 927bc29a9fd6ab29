import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ownIdentity } from '../../../src/core/processes/identity.ts';
import { createSession } from '../../../src/core/sessions/createSession.ts';
import { onBegun } from '../../../src/core/sessions/handover.ts';
import { listSessionIds, sessionsDirectory } from '../../../src/core/sessions/sessionFiles.ts';
import { takeSessionLease } from '../../../src/core/sessions/sessionLease.ts';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { openSessions } from '../../support/sessions.ts';
import { tempDir } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';
import { mcpPlace, type McpPlace } from './support/mcpClient.ts';

function journalOf(place: McpPlace, id: string, folder = place.workspace): string {
  const { directory } = workspaceOf(place.home, folder);
  return readFileSync(path.join(directory, 'sessions', `${id}.jsonl`), 'utf8');
}

describe('the workspace', () => {
  it('is that of the root which the client names, and follows it', async (test) => {
    const place = await mcpPlace(test);
    const other = await tempDir(test);
    const connection = await place.connect({ roots: [place.workspace], cwd: other });
    const first = await connection.call('bash', { command: 'pwd' });
    assert.equal(first.structured['output'], `${place.workspace}\n`);
    connection.roots = [other];
    await connection.client.sendRootsListChanged();
    await waitFor(async () => {
      const { structured } = await connection.call('bash', { command: 'pwd' });
      return structured['output'] === `${other}\n`;
    });
  });

  it('is that of --workspace, whatever the roots', async (test) => {
    const place = await mcpPlace(test);
    const sub = path.join(place.workspace, 'sub');
    mkdirSync(sub);
    const args = ['--workspace', place.workspace];
    const connection = await place.connect({ roots: [sub], args });
    const answer = await connection.call('bash', { command: 'pwd', run_in_background: true });
    assert.equal(answer.structured['output'], `${sub}\n`, 'commands run in the root');
    const plain = await place.connect();
    const listed = await plain.call('list_bashes');
    assert.equal(listed.structured['total_count'], 1);
  });

  it('is not made for a client that only looks', async (test) => {
    const place = await mcpPlace(test);
    const connection = await place.connect({ roots: [place.workspace] });
    const listed = await connection.call('list_bashes');
    assert.match(listed.text, /There are no tasks/);
    const { resources } = await connection.client.listResources();
    assert.deepEqual(resources, []);
    assert.throws(() => journalOf(place, 'any'), /ENOENT/);
  });
});

describe('the session', () => {
  it('of Claude Code gets its tasks, directory and variables, and goes on in the next server', async (test) => {
    const place = await mcpPlace(test);
    const id = '5f0c1a52-6df5-4c8a-9d8c-0a1b2c3d4e5f';
    const options = { env: { CLAUDE_CODE_SESSION_ID: id }, name: 'claude-code' };
    const first = await place.connect(options);
    await first.call('bash', {
      command: 'mkdir -p deep && cd deep && export COLOUR=green API_TOKEN=hidden',
    });
    await first.call('bash', { command: 'echo one; echo two', run_in_background: true });
    process.kill(first.pid, 'SIGKILL');

    const second = await place.connect(options);
    const answer = await second.call('bash', { command: 'pwd; echo "$COLOUR $HOLDFAST_SESSION"' });
    const deep = path.join(place.workspace, 'deep');
    assert.equal(answer.structured['output'], `${deep}\ngreen ${id}\n`);
    assert.match(answer.text, /Not set any more: API_TOKEN/);
    const output = await second.call('bash_output', { bash_id: 'bash_1' });
    assert.equal(output.structured['output'], '', 'what was read is not read again');
    const journal = journalOf(place, id);
    assert.match(journal, /"type":"agent","name":"claude-code"/);
    assert.match(journal, /"type":"task","id":"bash_1"/);
    assert.doesNotMatch(journal, /hidden/, 'secrets are on no disk');
  });

  it('of Claude Code is the one that it has now, not the one it had when it started the server', async (test) => {
    const place = await mcpPlace(test);
    const before = '5f0c1a52-6df5-4c8a-9d8c-0a1b2c3d4e5f';
    const after = '7a1d2b63-7ef6-4d9b-8e9d-1b2c3d4e5f60';
    const config = path.join(place.home, 'claude-config');
    mkdirSync(path.join(config, 'sessions'), { recursive: true });
    // This process starts the server, as Claude Code does, and is on its list of processes.
    const { startTime } = ownIdentity();
    const nowHas = (sessionId: string): void => {
      const record = { pid: process.pid, sessionId, procStart: startTime };
      const file = path.join(config, 'sessions', `${process.pid}.json`);
      writeFileSync(file, JSON.stringify(record));
    };
    nowHas(before);
    const env = { CLAUDE_CODE_SESSION_ID: before, CLAUDE_CONFIG_DIR: config };
    const { call } = await place.connect({ env, name: 'claude-code' });
    await call('bash', { command: 'echo one', run_in_background: true });
    nowHas(after);
    await call('bash', { command: 'echo two', run_in_background: true });
    assert.match(journalOf(place, before), /"type":"task","id":"bash_1"/);
    assert.doesNotMatch(journalOf(place, before), /bash_2/);
    assert.match(journalOf(place, after), /"type":"task","id":"bash_2"/);
  });

  it('is the one that the window has which started the server, and is begun for it where it has none', async (test) => {
    const place = await mcpPlace(test);
    // This process is the window.
    const sessions = openSessions(place.home, place.workspace);
    const { workspace } = sessions.host;
    const { call } = await place.connect({ args: ['--window', String(process.pid)] });
    await call('list_bashes');
    assert.equal(existsSync(sessionsDirectory(workspace)), false, 'what only looks begins nothing');
    await call('bash', { command: 'echo one', run_in_background: true });
    const [begun = ''] = listSessionIds(workspace);
    assert.match(journalOf(place, begun), /"type":"task","id":"bash_1"/);
    const taken: string[] = [];
    onBegun(workspace, (id) => void taken.push(id)).dispose();
    assert.deepEqual(taken, [begun]);

    createSession(sessions.host, { id: 'project-main' });
    takeSessionLease(sessions.host, 'project-main');
    await call('bash', { command: 'echo two', run_in_background: true });
    assert.match(journalOf(place, 'project-main'), /"type":"task","id":"bash_2"/);
    assert.doesNotMatch(journalOf(place, begun), /bash_2/);
  });

  it('that a call names in its _meta is begun, and refused when it cannot be', async (test) => {
    const place = await mcpPlace(test);
    const { call } = await place.connect();
    const meta = { 'holdfast/sessionId': 'project-main' };
    await call('bash', { command: 'sleep 600', run_in_background: true }, { meta });
    assert.match(journalOf(place, 'project-main'), /"command":"sleep 600"/);
    const answer = await call(
      'bash',
      { command: 'true' },
      { meta: { 'holdfast/sessionId': '../x' } },
    );
    assert.equal(answer.isError, true);
    assert.match(answer.text, /cannot be the id of a session/);
  });
});

describe('two agents in one workspace', () => {
  it('share the tasks and have their own place in the output, directory and variables', async (test) => {
    const place = await mcpPlace(test);
    const [anna, bert] = [await place.connect(), await place.connect()];
    await anna.call('bash', { command: 'mkdir a; cd a; export WHO=anna' });
    const command = 'echo 1; while [ ! -e ../go ]; do sleep 0.02; done; echo 2; sleep 600';
    await anna.call('bash', { command, run_in_background: true });
    const his = await bert.call('bash_output', { bash_id: 'bash_1', wait_ms: 5000 });
    assert.equal(his.structured['output'], '1\n');
    const where = await bert.call('bash', { command: 'pwd; echo "[$WHO]"; touch go' });
    assert.equal(where.structured['output'], `${place.workspace}\n[]\n`);
    for (const agent of [anna, bert]) {
      await waitFor(async () => {
        const { text, structured } = await agent.call('bash_output', { bash_id: 'bash_1' });
        assert.doesNotMatch(String(structured['output']), /1/, text);
        return structured['output'] === '2\n';
      });
    }
    await bert.call('kill_bash', { bash_ids: ['bash_1'] });
    const seen = await anna.call('bash_output', { bash_id: 'bash_1' });
    assert.equal(seen.structured['status'], 'killed');
  });

  it('may run commands at the same time without mixing them up', async (test) => {
    const place = await mcpPlace(test);
    const agents = await Promise.all([place.connect(), place.connect()]);
    const answers = await Promise.all(
      agents.flatMap(({ call }, agent) =>
        Array.from({ length: 10 }, (_, index) =>
          call('bash', { command: `echo ${agent}.${index}; sleep 0.05` }),
        ),
      ),
    );
    const outputs = answers.map(({ structured }) => structured['output']);
    const expected = [0, 1].flatMap((agent) =>
      Array.from({ length: 10 }, (_, index) => `${agent}.${index}\n`),
    );
    assert.deepEqual(outputs, expected);
    const listed = await agents[0].call('list_bashes');
    assert.equal(listed.structured['total_count'], 0);
  });
});
