import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { listTasks } from '../../../src/core/tasks/listTasks.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { waitFor } from '../../support/waitFor.ts';
import { mcpPlace, type McpPlace } from './support/mcpClient.ts';

function tasksOf(place: McpPlace, withForeground = false): TaskSnapshot[] {
  const workspace = workspaceOf(place.home, place.workspace);
  return listTasks(workspace, Date.now(), { withForeground }).tasks;
}

/** The pid that a command has written into a file of the workspace. */
function untilPid(place: McpPlace, name: string): Promise<number> {
  const file = path.join(place.workspace, name);
  return waitFor(() => existsSync(file) && Number(readFileSync(file, 'utf8').trim()), {
    describe: name,
  });
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie answers too.
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

describe('a call that the client gives up', () => {
  it('ends the whole tree of its command and leaves nothing behind', async (test) => {
    const place = await mcpPlace(test);
    const { call } = await place.connect();
    const controller = new AbortController();
    const command = 'setsid sh -c "echo \\$\\$ > far; sleep 600" & echo $$ > near; sleep 600';
    const answer = call('bash', { command }, { signal: controller.signal });
    const rejected = assert.rejects(answer);
    const pids = [await untilPid(place, 'near'), await untilPid(place, 'far')];
    controller.abort('no longer wanted');
    await rejected;
    await waitFor(() => pids.every(isGone), { describe: 'the end of both processes' });
    await waitFor(() => tasksOf(place, true).length === 0, { describe: 'nothing left' });
    const next = await call('bash', { command: 'echo alive' });
    assert.equal(next.structured['output'], 'alive\n');
  });
});

describe('a server that is gone', () => {
  it('by SIGKILL while a command is waited for, leaves it running as a task', async (test) => {
    const place = await mcpPlace(test);
    const session = { env: { HOLDFAST_SESSION: 'project-main' } };
    const first = await place.connect(session);
    const meta = { 'holdfast/sessionId': 'project-main' };
    const command = 'echo $$ > pid; echo begun; while [ ! -e go ]; do sleep 0.05; done; exit 5';
    const answer = first.call('bash', { command }, { meta });
    const rejected = assert.rejects(answer);
    const pid = await untilPid(place, 'pid');
    assert.deepEqual(tasksOf(place), [], 'nobody sees what an agent waits for');
    process.kill(first.pid, 'SIGKILL');
    await rejected;
    const [task] = await waitFor(() => {
      const tasks = tasksOf(place);
      return tasks.length === 1 && tasks;
    });
    assert.equal(task?.status, 'running');
    assert.equal(task.pid, pid);

    const second = await place.connect(session);
    const listed = await second.call('list_bashes');
    const [field] = listed.structured['tasks'] as Record<string, unknown>[];
    assert.equal(field?.['bash_id'], 'bash_1');
    assert.equal(field['is_own_session'], true);
    writeFileSync(path.join(place.workspace, 'go'), '');
    const end = await second.call('bash_output', { bash_id: 'bash_1', wait_ms: 10_000 });
    assert.equal(end.structured['output'], 'begun\n');
    await waitFor(async () => {
      const { structured } = await second.call('bash_output', { bash_id: 'bash_1' });
      return structured['exit_code'] === 5;
    });
    const journal = path.join(
      workspaceOf(place.home, place.workspace).directory,
      'sessions/project-main.jsonl',
    );
    assert.match(readFileSync(journal, 'utf8'), /"type":"task","id":"bash_1"/);
  });

  it('because its client closed the connection, leaves tasks and commands running', async (test) => {
    const place = await mcpPlace(test);
    const connection = await place.connect();
    await connection.call('bash', { command: 'sleep 600', run_in_background: true });
    const answer = connection.call('bash', { command: 'echo $$ > pid; sleep 600' });
    const rejected = assert.rejects(answer);
    await untilPid(place, 'pid');
    const { pid } = connection;
    await connection.close();
    await rejected;
    await waitFor(() => isGone(pid), { describe: 'the end of the server' });
    const tasks = tasksOf(place);
    assert.deepEqual(
      tasks.map(({ id, status }) => [id, status]),
      [
        ['bash_1', 'running'],
        ['bash_2', 'running'],
      ],
    );
  });

  it('leaves no directory with captured variables', async (test) => {
    const place = await mcpPlace(test);
    const scratch = path.join(place.workspace, 'run');
    const connection = await place.connect({ env: { XDG_RUNTIME_DIR: place.workspace } });
    await connection.call('bash', { command: 'export SECRET_TOKEN=x' });
    const captures = (): string[] =>
      readdirSync(place.workspace).filter((name) => name.startsWith('holdfast-shell-'));
    assert.equal(captures().length, 1, scratch);
    process.kill(connection.pid, 'SIGKILL');
    await waitFor(() => isGone(connection.pid) || connection.pid === 0);
    const next = await place.connect({ env: { XDG_RUNTIME_DIR: place.workspace } });
    await next.call('bash', { command: 'true' });
    assert.equal(captures().length, 1);
    await next.close();
    await waitFor(() => captures().length === 0, { describe: 'an empty runtime directory' });
  });
});

describe('output that is longer than an answer', () => {
  it('of 100 MB comes in bounded pieces, and every byte of it once', async (test) => {
    const place = await mcpPlace(test);
    const { call } = await place.connect();
    const line = `${'x'.repeat(98)}y`;
    const command = `yes ${line} | head -c 100000000`;
    const answer = await call('bash', { command, timeout: 60_000 });
    const size = Buffer.byteLength(JSON.stringify(answer.structured));
    assert.ok(size < 24_000, `${size} bytes`);
    assert.equal(answer.structured['bash_id'], 'bash_1');
    assert.equal(answer.structured['is_complete'], false);
    assert.match(answer.text, /left out/);
    const next = await call('bash_output', { bash_id: 'bash_1' });
    assert.equal(next.structured['has_more'], true);
    assert.ok(Buffer.byteLength(next.text) < 24_000);
    // 64 MiB are kept; what is older is said to be gone.
    const dropped = Number(next.structured['dropped_bytes']);
    assert.ok(dropped >= 0 && dropped < 40_000_000, `${dropped} dropped`);
    const tail = await call('bash_output', { bash_id: 'bash_1', tail_lines: 2 });
    assert.equal(tail.structured['to_offset'], 100_000_000);
    assert.equal(tail.structured['output'], `${line}\n${line}\n`);
    const rest = await call('bash_output', { bash_id: 'bash_1' });
    assert.equal(rest.structured['output'], '');
  });

  it('of one line without end comes in pieces that join', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    const command = `node -e 'process.stdout.write("äöü€".repeat(10000))'`;
    const first = await call('bash', { command });
    assert.equal(first.structured['bash_id'], 'bash_1');
    let text = '';
    let from = 0;
    for (let more = true; more;) {
      const { structured } = await call('bash_output', { bash_id: 'bash_1', from_offset: from });
      text += String(structured['output']);
      from = Number(structured['to_offset']);
      more = structured['has_more'] === true;
    }
    assert.equal(text, 'äöü€'.repeat(10_000));
  });

  it('is read by a filter without all of it being sent', async (test) => {
    const { call } = await (await mcpPlace(test)).connect();
    await call('bash', { command: 'seq 1 300000' });
    const { structured } = await call('bash_output', { bash_id: 'bash_1', filter: '77777$' });
    assert.equal(structured['output'], '77777\n177777\n277777\n');
    const slow = await call('bash', {
      command: `printf '%.0sa' $(seq 1 40) ; echo b`,
      run_in_background: true,
    });
    const id = slow.structured['bash_id'];
    const answer = await call('bash_output', { bash_id: id, filter: '^(a+)+$', from_offset: 0 });
    assert.equal(answer.isError, true);
    assert.match(answer.text, /takes too long/);
    const wrong = await call('bash_output', { bash_id: id, filter: '(' });
    assert.match(wrong.text, /not a regular expression/);
  });
});
