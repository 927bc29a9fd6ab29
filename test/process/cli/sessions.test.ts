import assert from 'node:assert/strict';
import { appendFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openSessions, userMessage } from '../../support/sessions.ts';
import { createSession } from '../../../src/core/sessions/createSession.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { sessionFilesOf } from '../../../src/core/sessions/sessionFiles.ts';
import { tempDir } from '../../support/tempDir.ts';
import { commandLine, type CommandLine } from './support/commandLine.ts';
import { isRecord } from './support/shapes.ts';
import { untilTask } from './support/untilTask.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function record(cli: CommandLine, ...args: string[]): Promise<Record<string, unknown>> {
  const value = await cli.json(args);
  assert.ok(isRecord(value));
  return value;
}

async function listed(cli: CommandLine, ...args: string[]): Promise<Record<string, unknown>[]> {
  return (await cli.json(['sessions', ...args])) as Record<string, unknown>[];
}

/** The journal of a session of the command line's own workspace. */
function journalFile(cli: CommandLine, id: string): string {
  const { host } = openSessions(cli.home, cli.workspace);
  return sessionFilesOf(host.workspace, id).plain;
}

/** Messages in a session, which no command writes. */
function say(cli: CommandLine, id: string, ...texts: string[]): void {
  const { host, clock } = openSessions(cli.home, cli.workspace);
  clock.nowMs = Date.now();
  const journal = new Journal(host, id);
  for (const text of texts) journal.append(userMessage(text));
}

describe('holdfast sessions', () => {
  it('begins one under a name or a UUID, and lists the latest first', async (t) => {
    const cli = await commandLine(t);
    assert.equal((await cli.call(['sessions'])).stdout, `No sessions in ${cli.workspace}.\n`);
    assert.equal((await cli.call(['sessions', 'new', 'project-main'])).stdout, 'project-main\n');
    const { sessionId } = await record(cli, 'sessions', 'new', '--title', 'Parser');
    assert.match(String(sessionId), UUID);
    const sessions = await listed(cli);
    assert.deepEqual(
      sessions.map((session) => [session['sessionId'], session['title'], session['workspace']]),
      [
        [sessionId, 'Parser', cli.workspace],
        ['project-main', null, cli.workspace],
      ],
    );
    const { stdout } = await cli.call(['sessions', 'list']);
    assert.match(
      stdout,
      /^Today\n {2}\S+ \S+ {2}[0-9a-f-]{36} {2}Parser {2}\(0 messages, 0 files\)/,
    );
    const again = await cli.call(['sessions', 'new', 'project-main']);
    assert.deepEqual([again.exitCode, again.stdout], [1, '']);
    assert.match(again.stderr, /already\n {2}Go on with it \(holdfast resume project-main\)/);
    for (const id of ['../x', 'a/b', '', 'last']) {
      assert.equal((await cli.call(['sessions', 'new', id])).exitCode, 2, id);
    }
  });

  it('shows the record in its shape, with what the tasks do now', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--session', 'main', '--', 'echo one; exec sleep 300']);
    await untilTask(cli, 'bash_1', ({ outputBytes }) => outputBytes === 4);
    await cli.call(['run', '--session', 'main', '--wait', '--', 'exit 3']);
    assert.equal((await cli.call(['output', '1', '--new'])).stdout, 'one\n');
    say(cli, 'main', 'why?');
    const shown = await record(cli, 'sessions', 'show', 'main');
    assert.equal(shown['sessionId'], 'main');
    assert.equal(shown['title'], null);
    assert.equal(shown['workspace'], cli.workspace);
    assert.equal(shown['parent'], null);
    assert.equal(shown['cwd'], cli.workspace);
    for (const name of ['startTime', 'lastActive']) {
      assert.equal(new Date(String(shown[name])).toISOString(), shown[name]);
    }
    const tasks = shown['backgroundTasks'] as Record<string, Record<string, unknown>>;
    assert.deepEqual(Object.keys(tasks), ['bash_1', 'bash_2']);
    const { command, status, pid, exitCode, outputPosition } = tasks['bash_1'] ?? {};
    assert.deepEqual(
      [command, status, typeof pid, exitCode, outputPosition],
      ['echo one; exec sleep 300', 'running', 'number', null, 4],
    );
    assert.deepEqual(
      [tasks['bash_2']?.['status'], tasks['bash_2']?.['exitCode']],
      ['completed', 3],
    );
    const { read, modified, created } = shown['fileContext'] as Record<string, unknown>;
    assert.deepEqual([read, modified, created], [[], [], []]);
    const { approvedTools, directories } = shown['permissions'] as Record<string, unknown>;
    assert.deepEqual([approvedTools, directories], [[], []]);
    const [message] = shown['messages'] as Record<string, unknown>[];
    assert.deepEqual(message?.['parts'], [{ type: 'text', text: 'why?' }]);
    assert.match((await cli.call(['sessions', 'show', 'main'])).stdout, /^# why\?\n/);
  });

  it('renames, pins, branches, deletes and has back', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['sessions', 'new', 'main']);
    say(cli, 'main', 'a');
    assert.deepEqual(await record(cli, 'sessions', 'rename', 'main', 'Two', 'words'), {
      sessionId: 'main',
      title: 'Two words',
    });
    await cli.call(['sessions', 'pin', 'main']);
    const branch = await record(cli, 'branch', 'main', '--id', 'try');
    assert.deepEqual(branch, { sessionId: 'try', parent: 'main' });
    say(cli, 'try', 'b');
    const [first, second] = await listed(cli);
    assert.deepEqual(
      [first?.['sessionId'], first?.['parent'], first?.['messageCount'], first?.['isPinned']],
      ['try', 'main', 2, false],
    );
    assert.deepEqual(
      [second?.['sessionId'], second?.['title'], second?.['messageCount'], second?.['isPinned']],
      ['main', 'Two words', 1, true],
    );
    assert.match((await cli.call(['sessions', 'delete', 'try'])).stdout, /undelete try/);
    assert.equal((await listed(cli)).length, 1);
    assert.equal((await cli.call(['sessions', 'undelete', 'try'])).stdout, 'try  is back\n');
    assert.equal((await listed(cli)).length, 2);
  });

  it('moves a session to another folder, re-rooted, without its tasks and secrets', async (t) => {
    const cli = await commandLine(t);
    const env = { HOLDFAST_SESSION: 'main' };
    await cli.call(['sessions', 'new', 'main']);
    await cli.call(['run', '--', 'exec sleep 300'], { env });
    say(cli, 'main', 'hello');
    const { host } = openSessions(cli.home, cli.workspace);
    const journal = new Journal(host, 'main');
    journal.appendEnvironment({ API_TOKEN: 'hunter2' });
    journal.append({ type: 'file', path: path.join(cli.workspace, 'a.ts'), how: 'modified' });
    const other = await tempDir(t, 'holdfast-other-');
    const { stdout } = await cli.call(['sessions', 'export', 'main']);
    assert.equal(stdout.includes('hunter2'), false);
    const file = path.join(other, 'session.json');
    await writeFile(file, stdout);
    const there = await cli.call(['sessions', 'import', 'session.json'], { cwd: other });
    assert.equal(there.stdout, 'main  1 message, 1 task (lost)\n');
    const shown = await record(cli, 'sessions', 'show', 'main', '--workspace', other);
    assert.deepEqual(Object.keys(shown['backgroundTasks'] as object), ['imported_bash_1']);
    assert.deepEqual((shown['fileContext'] as Record<string, unknown>)['modified'], [
      path.join(other, 'a.ts'),
    ]);
    const markdown = await cli.call(['sessions', 'export', 'main', '--markdown']);
    assert.match(markdown.stdout, /^# hello\n[^]*## Background tasks[^]*### User, /);
    const broken = await cli.call(['sessions', 'import', file.replace('.json', '')]);
    assert.equal(broken.exitCode, 1);
  });

  it('finds those of other folders, and says where one is', async (t) => {
    const cli = await commandLine(t);
    const other = await tempDir(t, 'holdfast-other-');
    await cli.call(['sessions', 'new', 'there'], { cwd: other });
    await cli.call(['sessions', 'new', 'here']);
    const all = await listed(cli, '--all-workspaces');
    assert.deepEqual(
      all.map((session) => session['sessionId']),
      ['here', 'there'],
    );
    const missing = await cli.call(['resume', 'there']);
    assert.equal(missing.exitCode, 1);
    assert.match(missing.stderr, new RegExp(`another folder\\..*--workspace '${other}'`));
    const found = await record(cli, 'sessions', 'show', 'there', '--all-workspaces');
    assert.equal(found['workspace'], other);
  });

  it('asks which one is meant when several begin so, wherever else one does', async (t) => {
    const cli = await commandLine(t);
    const other = await tempDir(t, 'holdfast-other-');
    await cli.call(['sessions', 'new', 'parser-old'], { cwd: other });
    await cli.call(['sessions', 'new', 'parser-main']);
    await cli.call(['sessions', 'new', 'parser-try']);
    const { stderr, exitCode } = await cli.call(['sessions', 'show', 'parser']);
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^holdfast: Several sessions begin with parser\n {2}Pick another, such as/,
    );
    assert.match(stderr, /parser-main, parser-try/);
  });

  it('prunes what is old, after saying what it would; never what is pinned or runs', async (t) => {
    const cli = await commandLine(t);
    const { host, clock } = openSessions(cli.home, cli.workspace);
    clock.nowMs = Date.now() - 40 * 24 * 60 * 60 * 1000;
    for (const id of ['old', 'pinned', 'busy', 'long']) createSession(host, { id });
    new Journal(host, 'long').append({ type: 'note', text: 'x'.repeat(2 * 1024 * 1024) });
    new Journal(host, 'pinned').append({ type: 'pin', isPinned: true });
    new Journal(host, 'long').append({ type: 'pin', isPinned: true });
    const longAgo = clock.nowMs / 1000;
    await utimes(journalFile(cli, 'long'), longAgo, longAgo);
    await cli.call(['run', '--session', 'busy', '--', 'exec sleep 300']);
    await cli.call(['sessions', 'new', 'fresh']);
    const idsOf = (value: unknown): unknown[] =>
      (value as { sessionId: string }[]).map(({ sessionId }) => sessionId);
    const preview = await record(cli, 'sessions', 'prune', '--dry-run');
    assert.deepEqual([preview['dryRun'], idsOf(preview['pruned'])], [true, ['old']]);
    assert.equal((await listed(cli)).length, 5);
    assert.deepEqual(idsOf((await record(cli, 'prune', '--dry-run'))['sessions']), ['old']);
    const pruned = await record(cli, 'sessions', 'prune');
    assert.deepEqual([idsOf(pruned['pruned']), pruned['compressed']], [['old'], ['long']]);
    const left = await listed(cli);
    assert.equal(left.length, 4);
    const long = left.find((session) => session['sessionId'] === 'long');
    assert.equal(long?.['isCompressed'], true);
    assert.equal((await cli.call(['resume', 'long'])).exitCode, 0);
    await stat(journalFile(cli, 'long'));
  });

  it('repairs a damaged one and keeps the damaged file', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['sessions', 'new', 'main']);
    say(cli, 'main', 'a', 'b');
    await appendFile(
      journalFile(cli, 'main'),
      Buffer.concat([Buffer.alloc(99), Buffer.from('{"v"')]),
    );
    assert.equal((await listed(cli))[0]?.['isDamaged'], true);
    assert.match((await cli.call(['resume', 'main'])).stdout, /damaged.*holdfast repair main\n/);
    const result = await record(cli, 'repair', 'main');
    assert.equal(
      path.dirname(String(result['damagedFile'])),
      path.dirname(journalFile(cli, 'main')),
    );
    assert.equal((await listed(cli))[0]?.['isDamaged'], false);
    assert.equal((await listed(cli))[0]?.['messageCount'], 2);
    assert.match((await cli.call(['repair', 'main'])).stdout, /nothing to repair/);
  });

  it('still has the sessions of a folder that is gone, and says what to do with them', async (t) => {
    const cli = await commandLine(t);
    const gone = path.join(await tempDir(t, 'holdfast-gone-'), 'project');
    openSessions(cli.home, gone);
    await cli.call(['sessions', 'new', 'main'], { cwd: gone });
    await rm(gone, { recursive: true });
    assert.equal((await listed(cli, '--workspace', gone)).length, 1);
    const { exitCode, stderr } = await cli.call(['resume', 'main', '--workspace', gone]);
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /is gone: .*\n {2}Put the folder back, or .*holdfast sessions export main/,
    );
    assert.equal((await cli.call(['sessions', 'export', 'main', '--all-workspaces'])).exitCode, 0);
    assert.deepEqual(await readdir(path.dirname(gone)), []);
  });
});
