import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import {
  PermissionGate,
  type Judgement,
  type PermissionAnswer,
} from '../../../../src/core/agents/conversation/permissionGate.ts';
import { createToolCaller } from '../../../../src/core/agents/conversation/toolCaller.ts';
import { FileDesk } from '../../../../src/core/agents/files/fileDesk.ts';
import { createFileTools } from '../../../../src/core/agents/files/fileTools.ts';
import { Agent } from '../../../../src/core/agents/tools/agent.ts';
import { agentTools } from '../../../../src/core/agents/tools/tools.ts';
import { approveRule } from '../../../../src/core/permissions/approvals.ts';
import { ordinaryMode } from '../../../../src/core/permissions/decideInWorkspace.ts';
import { start } from '../../../support/taskHost.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';
import { startTalk, type Talk } from './talk.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Gated extends Talk {
  readonly gate: PermissionGate;
  readonly clock: { offsetMs: number };
}

async function openGate(
  test: Cleanup,
  folders: readonly string[] = [],
  rootIn?: (folder: string) => string,
): Promise<Gated> {
  const clock = { offsetMs: 0 };
  const talk = await startTalk(test, { clock: { now: () => Date.now() + clock.offsetMs } });
  const { host, store, conversation } = talk;
  const gate = new PermissionGate({
    workspace: host.workspace,
    store,
    journal: conversation.journal,
    clock: host.clock,
    face: 'test',
    mode: () => ordinaryMode,
    cwd: () => host.workspace.folder,
    folders: () => folders,
    root: rootIn?.(host.workspace.folder),
  });
  return { ...talk, gate, clock };
}

describe('PermissionGate', () => {
  it('takes further folders of the window for as good as the first', async (test) => {
    const [second, elsewhere] = [await tempDir(test), await tempDir(test)];
    const { gate } = await openGate(test, [second]);
    const judge = (tool: string, folder: string, more: object = {}) =>
      gate.judge(tool, { file_path: path.join(folder, 'a.txt'), ...more });
    assert.equal((await judge('read', second)).decision, 'allow');
    assert.equal((await judge('read', elsewhere)).decision, 'ask');
    const write = await judge('write', second, { content: 'x' });
    assert.equal(write.decision, 'ask');
    assert.notDeepEqual(write.offers, []);
    gate.keep(write, { kind: 'session' });
    assert.equal((await judge('write', second, { content: 'y' })).decision, 'allow');
    assert.equal((await judge('write', elsewhere, { content: 'y' })).decision, 'ask');
    const hooks = await judge('write', path.join(second, '.git/hooks'), { content: 'y' });
    assert.deepEqual([hooks.decision, hooks.offers], ['ask', []]);
  });

  it('takes what lies beside a .code-workspace file for no part of what is open', async (test) => {
    const { gate, host, conversation } = await openGate(test, [], (folder) => {
      const app = path.join(folder, 'app');
      for (const each of [app, path.join(folder, 'other')]) mkdirSync(each);
      return app;
    });
    const { folder } = host.workspace;
    const decide = async (tool: string, input: object) => (await gate.judge(tool, input)).decision;
    const read = (file: string) => decide('read', { file_path: file });
    const write = (file: string) => decide('write', { file_path: file, content: '' });
    assert.equal(await read('a.txt'), 'allow');
    assert.equal(await read(path.join(folder, 'app/a.txt')), 'allow');
    assert.equal(await read(path.join(folder, 'other/.env')), 'ask');
    assert.equal(await read('../other/.env'), 'ask');
    assert.equal(await decide('grep', { pattern: 'x', path: folder }), 'ask');
    assert.equal(await decide('bash', { command: 'pwd', cwd: folder }), 'ask');

    // Rules mean what they mean to the command line: their paths begin beside the file.
    const place = { workspace: host.workspace };
    const terms = { by: 'test', nowMs: Date.now() };
    approveRule(place, 'Read(app/secret/**)', 'deny', terms);
    approveRule(place, 'Read(.env)', 'deny', terms);
    approveRule(place, 'Edit(app/src/**)', 'allow', terms);
    assert.equal(await read('secret/a'), 'deny');
    assert.equal(await read('.env'), 'deny');
    assert.equal(await read(path.join(folder, 'other/.env')), 'deny');
    assert.equal(await write('src/a.ts'), 'allow');
    assert.equal(await write('lib/a.ts'), 'ask');
    approveRule(
      { workspace: host.workspace, journal: conversation.journal },
      'Edit(*.md)',
      'allow',
      terms,
    );
    assert.equal(await write('lib/a.md'), 'allow');
    assert.equal(await write(path.join(folder, 'other/a.md')), 'ask');
  });

  it('says which tasks are to be ended, and where a command is to run', async (test) => {
    const { gate, host } = await openGate(test);
    await start(host, 'sleep 1000', { title: 'Harmless' });
    await start(host, 'sleep 2000');
    const summary = async (input: object) => (await gate.judge('kill_bash', input)).summary;
    assert.equal(
      await summary({ bash_ids: ['bash_1', '2', 'bash_7'] }),
      'bash_1: sleep 1000\nbash_2: sleep 2000\nbash_7: there is no such task',
    );
    assert.equal(await summary({ all: true }), 'Every running task of this workspace');
    assert.equal(
      await summary({ all: true, except: ['bash_2'] }),
      'Every running task of this workspace, except:\nbash_2: sleep 2000',
    );
    const sent = await gate.judge('send_bash', { bash_id: 'bash_1', text: 'y\n' });
    assert.equal(sent.summary, '"y\\n"\ninto bash_1: sleep 1000');
    mkdirSync(path.join(host.workspace.folder, 'inner'));
    const inner = await gate.judge('bash', { command: 'make', cwd: 'inner' });
    assert.equal(inner.directory, path.join(host.workspace.folder, 'inner'));
    assert.equal((await gate.judge('bash', { command: 'make' })).directory, undefined);
  });

  it('lets an agent read in the workspace and look after tasks, and asks for the rest', async (test) => {
    const { gate, host } = await openGate(test);
    const decide = async (tool: string, input: object) => (await gate.judge(tool, input)).decision;
    assert.equal(await decide('read', { file_path: 'a.txt' }), 'allow');
    assert.equal(await decide('glob', { pattern: '**/*.ts' }), 'allow');
    assert.equal(await decide('grep', { pattern: 'x' }), 'allow');
    assert.equal(await decide('list_bashes', {}), 'allow');
    assert.equal(await decide('kill_bash', { bash_ids: ['bash_1'] }), 'ask');
    assert.equal(await decide('read', { file_path: '/etc/hostname' }), 'ask');
    assert.equal(await decide('glob', { pattern: '/etc/*' }), 'ask');
    assert.equal(await decide('write', { file_path: 'a.txt', content: '' }), 'ask');
    assert.equal(await decide('bash', { command: 'npm test' }), 'ask');
    assert.equal(await decide('send_bash', { bash_id: 'bash_1', text: 'y' }), 'ask');
    approveRule({ workspace: host.workspace }, 'Read(.env)', 'deny', { by: 'test', nowMs: 0 });
    assert.equal(await decide('read', { file_path: '.env' }), 'deny');
  });

  it('offers sensible patterns, and does not ask again once they are allowed', async (test) => {
    const { gate, clock } = await openGate(test);
    const judge = () => gate.judge('bash', { command: 'npm run test:unit -- --watch' });
    const first = await judge();
    assert.deepEqual(first.offers, ['Bash(npm run test:unit:*)']);
    gate.keep(first, { kind: 'once' });
    assert.equal((await judge()).decision, 'ask');
    gate.keep(first, { kind: 'always' });
    const second = await judge();
    assert.deepEqual([second.decision, second.rule], ['allow', 'Bash(npm run test:unit:*)']);
    clock.offsetMs = 31 * DAY_MS;
    assert.equal((await judge()).decision, 'ask');
  });

  it('keeps what is allowed for the session in the session', async (test) => {
    const { gate, store, host } = await openGate(test);
    const judgement = await gate.judge('edit', { file_path: 'a', old_string: 'b', new_string: '' });
    gate.keep(judgement, { kind: 'session' });
    assert.equal((await gate.judge('edit', { file_path: 'a' })).decision, 'allow');
    assert.equal(store.fold('talk').state.permissions.size, 1);
    const other = new PermissionGate({
      workspace: host.workspace,
      store,
      clock: host.clock,
      face: 'test',
      mode: () => ordinaryMode,
      cwd: () => host.workspace.folder,
    });
    assert.equal((await other.judge('edit', { file_path: 'a' })).decision, 'ask');
    other.keep(judgement, { kind: 'session' });
    assert.equal((await other.judge('edit', { file_path: 'a' })).decision, 'allow');
  });

  const sensitive: [string, object][] = [
    ['bash', { command: 'sudo ls' }],
    ['bash', { command: 'rm -rf build' }],
    ['bash', { command: 'echo x > /etc/motd' }],
    ['bash', { command: 'ls', cwd: '/' }],
    ['write', { file_path: '.vscode/settings.json', content: '' }],
    ['edit', { file_path: '.claude/settings.json', old_string: 'a', new_string: 'b' }],
    ['write', { file_path: '/etc/hosts', content: '' }],
  ];
  for (const [tool, input] of sensitive) {
    it(`asks each time about ${JSON.stringify(input)}`, async (test) => {
      const { gate, host } = await openGate(test);
      for (const rule of ['Bash(ls:*)', 'Bash(echo:*)', 'Write', 'Edit']) {
        approveRule({ workspace: host.workspace }, rule, 'allow', { by: 't', nowMs: Date.now() });
      }
      const judgement = await gate.judge(tool, input);
      assert.deepEqual([judgement.decision, judgement.offers], ['ask', []]);
    });
  }

  it('judges a restart as the command that is run again', async (test) => {
    const { gate, host } = await openGate(test);
    const agent = new Agent({
      host,
      root: host.workspace.folder,
      reader: 'chat',
      session: 'talk',
      captureDirectory: () => host.workspace.folder,
    });
    const bash = agentTools.find(({ name }) => name === 'bash');
    const { signal } = new AbortController();
    await bash?.run(agent, { command: 'true', run_in_background: true }, { signal });
    const judgement = await gate.judge('restart_bash', { bash_id: 'bash_1' });
    assert.deepEqual(
      [judgement.tool, judgement.summary, judgement.decision],
      ['Bash', 'true', 'allow'],
    );
    // Its own task it may end as it likes.
    const ofOwn = await gate.judge('kill_bash', { bash_ids: ['bash_1'] });
    assert.equal(ofOwn.decision, 'allow');
    const all = await gate.judge('kill_bash', { bash_ids: ['bash_1'], all: true });
    assert.equal(all.decision, 'ask');
  });
});

describe('createToolCaller', () => {
  async function openCaller(test: Cleanup, answer: PermissionAnswer) {
    const gated = await openGate(test);
    const { host, gate, conversation } = gated;
    const { folder } = host.workspace;
    const desk = new FileDesk({
      workspace: host.workspace,
      journal: conversation.journal,
      seen: conversation.history.seenFiles,
    });
    const agent = new Agent({ host, root: folder, reader: 'chat', captureDirectory: () => folder });
    const asked: Judgement[] = [];
    const callTool = createToolCaller({
      agent,
      tools: [...agentTools, ...createFileTools(desk)],
      gate,
      ask: (judgement) => {
        asked.push(judgement);
        return Promise.resolve(answer);
      },
    });
    const { signal } = new AbortController();
    const run = (name: string, input: unknown) => callTool({ id: '1', name, input }, signal);
    return { ...gated, folder, asked, run };
  }

  it('asks before it does anything, and reaches outside what the user allowed once', async (test) => {
    const { run, asked } = await openCaller(test, { kind: 'once' });
    const directory = path.join(await tempDir(test), 'deep');
    mkdirSync(directory);
    const file_path = path.join(directory, 'a.txt');
    writeFileSync(file_path, 'outside\n');
    assert.match((await run('read', { file_path })).output, /outside/);
    assert.equal(asked.length, 1);
    assert.equal((await run('glob', { pattern: `${directory}/a*` })).output, file_path);
    assert.equal((await run('glob', { pattern: '*', path: directory })).output, file_path);
    const edited = await run('edit', { file_path, old_string: 'out', new_string: 'in' });
    assert.equal(edited.isError, false);
    assert.deepEqual(edited.files, [file_path]);
    assert.match(edited.diff ?? '', /\+inside/);
    assert.equal(readFileSync(file_path, 'utf8'), 'inside\n');
  });

  it('does nothing that the user denies, and tells the model so', async (test) => {
    const { run, folder } = await openCaller(test, { kind: 'deny', message: 'later', stop: true });
    const outcome = await run('bash', { command: 'touch made' });
    assert.deepEqual([outcome.isError, outcome.stop], [true, true]);
    assert.match(outcome.output, /does not allow this. They say: later/);
    assert.throws(() => readFileSync(path.join(folder, 'made')));
  });

  it('does not ask about a call that cannot work', async (test) => {
    const { run, asked } = await openCaller(test, { kind: 'once' });
    assert.match((await run('bash', { cmd: 'x' })).output, /no parameter cmd/);
    assert.match((await run('nothing', {})).output, /There is no tool nothing/);
    assert.equal(asked.length, 0);
  });

  it('runs commands and names the task they are', async (test) => {
    const { run } = await openCaller(test, { kind: 'once' });
    assert.match((await run('bash', { command: 'echo hi' })).output, /^hi\n/);
    const background = await run('bash', { command: 'echo hi', run_in_background: true });
    assert.match(background.task ?? '', /^bash_\d+$/);
  });
});
