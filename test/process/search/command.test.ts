import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isBuiltin } from 'node:module';
import { createWith, openSessions, START_MS, userMessage } from '../../support/sessions.ts';
import { describeWithSqlite } from '../../support/sqliteNode.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';
import { commandLine, type CommandLine, type Ended } from '../cli/support/commandLine.ts';

interface Hit {
  readonly sessionId: string;
  readonly workspace: string;
}

interface Searching {
  readonly cli: CommandLine;
  readonly call: (...args: string[]) => Promise<Ended>;
  readonly json: (...args: string[]) => Promise<Hit[]>;
}

/** A command line that sees no transcripts of whoever runs the tests. */
async function searching(test: Cleanup): Promise<Searching> {
  const cli = await commandLine(test);
  const env = { CLAUDE_CONFIG_DIR: path.join(cli.home, 'none') };
  return {
    cli,
    call: (...args) => cli.call(['search', ...args], { env }),
    json: async (...args) => (await cli.json(['search', ...args], { env })) as Hit[],
  };
}

function describeCommand(): void {
  it('gives what it found in the shape that scripts rely on', async (t) => {
    const { cli, json } = await searching(t);
    const sessions = openSessions(cli.home, cli.workspace);
    createWith(sessions, 'one', [userMessage('Hello\nWhy does the parser loop?')]);
    createWith(sessions, 'two', [userMessage('Something else')]);
    assert.deepEqual(await json('pars', 'loop'), [
      {
        sessionId: 'one',
        title: 'Hello Why does the parser loop?',
        time: new Date(START_MS).toISOString(),
        snippet: 'Why does the parser loop?',
        workspace: cli.workspace,
        source: 'session',
        kind: 'message',
        role: 'user',
        ranges: [
          { start: 13, end: 17 },
          { start: 20, end: 24 },
        ],
      },
    ]);
    assert.deepEqual(await json('nowhere'), []);
  });

  it('finds at once what was said since it looked last', async (t) => {
    const { cli, json } = await searching(t);
    const one = createWith(openSessions(cli.home, cli.workspace), 'one', [userMessage('first')]);
    assert.equal((await json('first')).length, 1);
    one.append(userMessage('second'));
    assert.equal((await json('second')).length, 1);
  });

  it('searches this folder, or all of them', async (t) => {
    const { cli, json } = await searching(t);
    const other = await tempDir(t);
    createWith(openSessions(cli.home, cli.workspace), 'here', [userMessage('the parser')]);
    const elsewhere = openSessions(cli.home, other);
    elsewhere.clock.nowMs += 1000;
    createWith(elsewhere, 'there', [userMessage('the parser')]);
    const ids = (hits: Hit[]): string[] => hits.map(({ sessionId }) => sessionId);
    assert.deepEqual(ids(await json('parser')), ['here']);
    assert.deepEqual(ids(await json('parser', '--workspace', other)), ['there']);
    assert.deepEqual(ids(await json('parser', '--all-workspaces')), ['there', 'here']);
    assert.deepEqual(ids(await json('parser', '--all-workspaces', '--limit', '1')), ['there']);
  });

  it('takes any words', async (t) => {
    const { cli, json } = await searching(t);
    createWith(openSessions(cli.home, cli.workspace), 'one', [
      userMessage(`It's "quoted" (AND) NOT col:umn* 検索`),
    ]);
    for (const words of [`it's`, '"quoted" (AND', 'NOT', 'col:umn*', '^col', '索', '-- --quoted']) {
      assert.equal((await json(...words.split(' '))).length, 1, words);
    }
  });

  it('is read by people too', async (t) => {
    const { cli, call } = await searching(t);
    createWith(openSessions(cli.home, cli.workspace), 'one', [userMessage('the parser')]);
    const found = await call('parser');
    assert.match(
      found.stdout,
      /^\d{4}-\d\d-\d\d \d\d:\d\d {2}one {2}the parser\n {4}the parser\n$/,
    );
    const nothing = await call('lexer');
    assert.deepEqual(
      [nothing.stdout, nothing.exitCode],
      [`No session of ${cli.workspace} has lexer.\n`, 0],
    );
    const wrong = await call();
    assert.equal(wrong.exitCode, 2);
  });

  it('creates no home', async (t) => {
    const { cli, json } = await searching(t);
    rmSync(cli.home, { recursive: true });
    assert.deepEqual(await json('parser'), []);
    assert.equal(existsSync(cli.home), false);
  });
}

if (!isBuiltin('node:sqlite')) describe('holdfast search without SQLite', describeCommand);
describeWithSqlite(import.meta.filename, 'holdfast search', describeCommand);
