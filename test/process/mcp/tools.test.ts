import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import { mcpPlace } from './support/mcpClient.ts';

describe('the MCP tools', () => {
  it('are listed with strict schemas, output schemas and annotations', async (test) => {
    const { client } = await (await mcpPlace(test)).connect();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['bash', 'bash_output', 'kill_bash', 'list_bashes', 'restart_bash', 'send_bash'],
    );
    for (const { name, inputSchema, outputSchema, annotations, description = '' } of tools) {
      assert.equal(inputSchema['additionalProperties'], false, name);
      assert.equal(outputSchema?.type, 'object', name);
      assert.equal(typeof annotations?.readOnlyHint, 'boolean', name);
      assert.equal(typeof annotations?.destructiveHint, 'boolean', name);
      assert.ok(description.length > 80, name);
      // A key that is to be shown as \u0003 must not be in it as that character.
      assert.doesNotMatch(description, /\p{Cc}(?<!\n)/u, name);
    }
    const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint === true);
    assert.deepEqual(
      readOnly.map(({ name }) => name),
      ['bash_output', 'list_bashes'],
    );
  });

  it('run a command and tell its output, its exit code and both streams in order', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const answer = await call('bash', { command: 'echo one; echo two >&2; echo three; exit 3' });
    assert.equal(answer.isError, false);
    assert.match(answer.text, /^one\ntwo\nthree\n\[exit code 3, /);
    assert.equal(answer.structured['exit_code'], 3);
    assert.equal(answer.structured['output'], 'one\ntwo\nthree\n');
    assert.equal(answer.structured['bash_id'], null);
    const list = await call('list_bashes');
    assert.equal(list.structured['total_count'], 0, 'what was waited for clutters no list');
  });

  it('carry the directory and exported variables over to the next command', async (test) => {
    const place = await mcpPlace(test);
    const { call } = await place.connect();
    mkdirSync(path.join(place.workspace, 'sub'));
    const first = await call('bash', {
      command: `cd sub; export PLAIN='a "b"' API_TOKEN=secret MULTI=$'x\\ny'; HIDDEN=1; exit 4`,
    });
    assert.equal(first.structured['cwd'], path.join(place.workspace, 'sub'));
    const second = await call('bash', {
      command: 'pwd; echo "$PLAIN|$API_TOKEN|$MULTI|$HIDDEN"; unset PLAIN; cd ..',
    });
    assert.equal(
      second.structured['output'],
      `${path.join(place.workspace, 'sub')}\na "b"|secret|x\ny|\n`,
    );
    const third = await call('bash', { command: 'pwd; echo "[$PLAIN]"' });
    assert.equal(third.structured['output'], `${place.workspace}\n[]\n`);
  });

  it('run nothing in a directory that is gone, and say where the agent is now', async (test) => {
    const place = await mcpPlace(test);
    const { call } = await place.connect();
    await call('bash', { command: 'mkdir gone && cd gone' });
    rmSync(path.join(place.workspace, 'gone'), { recursive: true });
    const answer = await call('bash', { command: 'touch made' });
    assert.equal(answer.isError, true);
    assert.match(answer.text, /Nothing was run: your working directory .*gone is gone/);
    const next = await call('bash', { command: 'ls; pwd' });
    assert.equal(next.structured['output'], `${place.workspace}\n`);
  });

  it('let a command that outlasts its timeout go on as a task, and read only what is new', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const command = 'echo early; while [ ! -e go ]; do sleep 0.02; done; echo late; exit 7';
    const answer = await call('bash', { command, timeout: 300 });
    assert.equal(answer.structured['bash_id'], 'bash_1');
    assert.equal(answer.structured['status'], 'running');
    assert.equal(answer.structured['output'], 'early\n');
    assert.match(answer.text, /bash_output \{"bash_id":"bash_1"/);
    const listed = await call('list_bashes', { only_running: true });
    assert.match(listed.text, /^bash_1 \[running/);
    await call('bash', { command: 'touch go' });
    const rest = await call('bash_output', { bash_id: 'bash_1', wait_ms: 10_000 });
    assert.equal(rest.structured['output'], 'late\n');
    const end = await call('bash_output', { bash_id: 'bash_1', wait_ms: 10_000 });
    assert.equal(end.structured['status'], 'completed');
    assert.equal(end.structured['exit_code'], 7);
    assert.equal(end.structured['output'], '');
  });

  it('start a task in the background, restart it and end it', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const command = 'echo up; while :; do sleep 1; done';
    const started = await call('bash', {
      command,
      run_in_background: true,
      description: 'A server',
    });
    assert.equal(started.structured['bash_id'], 'bash_1');
    assert.equal(started.structured['status'], 'running');
    const listed = await call('list_bashes');
    assert.match(listed.text, /^bash_1 \[running.*\] A server$/);
    const restarted = await call('restart_bash', { bash_id: 'bash_1' });
    assert.equal(restarted.structured['attempt'], 2);
    const output = await call('bash_output', { bash_id: 'bash_1', wait_ms: 5000 });
    assert.equal(output.structured['output'], 'up\n');
    const killed = await call('kill_bash', { bash_ids: ['bash_1'] });
    assert.deepEqual(killed.structured['killed'], [
      { bash_id: 'bash_1', status: 'killed', exit_code: 143, signal: 'SIGTERM' },
    ]);
    assert.match(killed.text, /killed by an agent/);
  });

  it('tell at once of a background command that cannot work', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const answer = await call('bash', { command: 'no-such-program', run_in_background: true });
    assert.equal(answer.structured['exit_code'], 127);
    assert.match(answer.text, /not found/);
    assert.match(answer.text, /bash_1 is over already/);
  });

  it('end all tasks but those to spare', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    for (let count = 0; count < 3; count += 1) {
      await call('bash', { command: 'sleep 600', run_in_background: true });
    }
    const wrong = await call('kill_bash', { all: true, except: ['bash_9'] });
    assert.equal(wrong.isError, true);
    const { structured } = await call('kill_bash', { all: true, except: ['bash_2'] });
    const killed = structured['killed'] as { bash_id: string }[];
    assert.deepEqual(killed.map(({ bash_id: id }) => id).sort(), ['bash_1', 'bash_3']);
    const left = await call('list_bashes', { only_running: true });
    assert.equal(left.structured['running_count'], 1);
    await call('kill_bash', { all: true });
  });

  it('keep a command that left processes behind where it can be ended', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const answer = await call('bash', { command: 'sleep 600 & echo started' });
    assert.equal(answer.structured['bash_id'], 'bash_1');
    assert.match(answer.text, /left a process running, kept as bash_1/);
    const killed = await call('kill_bash', { bash_ids: ['bash_1'] });
    assert.match(killed.text, /ended what it had left running/);
  });
});

describe('a task with a terminal', () => {
  it('shows what it asks, and takes the answer', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const command = 'read -p "Go on? [y/N] " answer; echo "got <$answer>"; exit 6';
    const started = await call('bash', { command, terminal: true });
    assert.equal(started.structured['bash_id'], 'bash_1', started.text);
    let asked = String(started.structured['output']);
    if (asked === '') {
      const { structured } = await call('bash_output', { bash_id: 'bash_1', wait_ms: 10_000 });
      asked = String(structured['output']);
    }
    assert.equal(asked, 'Go on? [y/N] ');
    const sent = await call('send_bash', { bash_id: 'bash_1', text: 'yes\n' });
    assert.equal(sent.structured['sent_bytes'], 4, sent.text);
    let answered = '';
    await waitFor(async () => {
      const { structured } = await call('bash_output', { bash_id: 'bash_1', wait_ms: 5000 });
      answered += String(structured['output']);
      return structured['exit_code'] === 6;
    });
    assert.equal(answered, 'yes\ngot <yes>\n');
  });
});

describe('errors of the MCP tools', () => {
  const cases: readonly [string, object, RegExp][] = [
    ['bash', {}, /command is missing.*bash takes command \(required\)/],
    ['bash', { command: 'true', cmd: 1 }, /there is no parameter cmd/],
    ['bash', { command: '' }, /command: is empty/],
    ['bash', { command: ' ' }, /no command to run.*Give a command/i],
    ['bash', { command: 'true', timeout: 0 }, /timeout: expected at least 1/],
    ['bash', { command: 'true', timeout: 1e9 }, /use run_in_background/],
    ['bash', { command: 'true', cwd: '/no/such/folder' }, /\/no\/such\/folder.*cwd/],
    ['bash', { command: 'a\0b' }, /NUL/],
    ['bash_output', { bash_id: 'bash_9' }, /no task bash_9.*list_bashes/],
    ['bash_output', { bash_id: '../x' }, /no task \.\.\/x/],
    ['kill_bash', {}, /bash_ids, or set all/],
    ['kill_bash', { all: true, bash_ids: ['bash_1'] }, /not both/],
    ['kill_bash', { except: ['bash_1'], bash_ids: ['bash_1'] }, /belongs to all/],
    ['kill_bash', { bash_ids: ['bash_9'] }, /no task bash_9/],
    ['restart_bash', { bash_id: 'bash_9' }, /no task bash_9/],
    ['send_bash', { bash_id: 'bash_9', text: 'y' }, /no task bash_9/],
    ['list_bashes', { limit: 0 }, /limit: expected at least 1/],
  ];

  it('say what is wrong and what to do next', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    for (const [tool, input, expected] of cases) {
      const answer = await call(tool, input);
      const shown = `${tool} ${JSON.stringify(input)}: ${answer.text}`;
      assert.equal(answer.isError, true, shown);
      assert.match(answer.text, expected, shown);
      assert.doesNotMatch(answer.text, /--workspace|holdfast run/, shown);
    }
  });

  it('name the tasks there are', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    await call('bash', { command: 'true', run_in_background: true });
    const answer = await call('bash_output', { bash_id: 'bash_7' });
    assert.match(answer.text, /The latest are bash_1/);
  });

  it('say that a task without a terminal takes no input', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    await call('bash', { command: 'sleep 600', run_in_background: true });
    const answer = await call('send_bash', { bash_id: 'bash_1', text: 'y\n' });
    assert.equal(answer.isError, true);
    assert.match(answer.text, /Only a task started with terminal takes input/);
  });

  it('answer a tool that does not exist by a protocol error', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    await assert.rejects(call('bosh'), /there is no tool bosh; there are bash/);
  });
});
