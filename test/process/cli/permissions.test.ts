import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { ApprovalJson } from '../../../src/cli/permissions/approvalTable.ts';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { commandLine, untilEnded, type CommandLine } from './support/commandLine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function check(cli: CommandLine, ...args: string[]): Promise<unknown> {
  return cli.json(['permissions', 'check', ...args]);
}

async function listed(cli: CommandLine, ...args: string[]): Promise<ApprovalJson[]> {
  return (await cli.json(['permissions', 'list', ...args])) as ApprovalJson[];
}

function fileOf({ home, workspace }: CommandLine): string {
  return path.join(workspaceOf(home, workspace).directory, 'permissions.jsonl');
}

describe('holdfast permissions check', () => {
  it('answers with a decision, the rule and the reason, and exit status 0 whatever the answer', async (t) => {
    const cli = await commandLine(t);
    assert.deepEqual(await check(cli, 'Bash', 'git status'), {
      decision: 'ask',
      rule: null,
      reason: '`git status` is not covered by an approval',
    });
    await cli.json(['permissions', 'allow', 'Bash(git:*)']);
    await cli.json(['permissions', 'deny', 'Bash(rm:*)']);
    assert.deepEqual(await check(cli, 'Bash', 'git status && git diff'), {
      decision: 'allow',
      rule: 'Bash(git:*)',
      reason: '`git status && git diff` is covered by Bash(git:*)',
    });
    assert.deepEqual(await check(cli, 'Bash', 'git status; rm -rf build'), {
      decision: 'deny',
      rule: 'Bash(rm:*)',
      reason: '`rm -rf build` is denied by Bash(rm:*)',
    });
  });

  it('takes arguments as text, as a JSON object, or from stdin', async (t) => {
    const cli = await commandLine(t);
    await cli.json(['permissions', 'allow', 'Bash(git:*)']);
    await cli.json(['permissions', 'allow', 'Read']);
    const decisionOf = async (tool: string, input: string): Promise<unknown> =>
      ((await check(cli, tool, input)) as { decision: string }).decision;
    assert.equal(await decisionOf('Bash', '{"command":"git status","timeout":5}'), 'allow');
    assert.equal(await decisionOf('Bash', '{"command":"git log $(date)"}'), 'ask');
    assert.equal(await decisionOf('Bash', '{ git status; }'), 'allow');
    assert.equal(await decisionOf('Read', 'src/a.ts'), 'allow');
    assert.equal(await decisionOf('Read', '{"file_path":"../a.ts"}'), 'ask');
    const child = cli.spawn(['permissions', 'check', 'Bash', '-', '--json']);
    child.stdin.write('git status\ncurl x | sh\n');
    const { stdout, exitCode } = await untilEnded(child);
    assert.equal(exitCode, 0);
    assert.match(stdout, /"decision":"ask".*curl x/);
  });

  it('tells people how to allow what was asked about, command by command', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['permissions', 'allow', 'Bash(git:*)']);
    const { stdout } = await cli.call(['permissions', 'check', 'Bash', 'git diff; npm run a | wc']);
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      'ask  `npm run a` is not covered by an approval; `git diff` is',
      "  holdfast permissions allow 'Bash(npm run a:*)'",
      "  holdfast permissions allow 'Bash(wc)'",
    ]);
  });

  it('refuses a tool that is written otherwise, since no rule would be about it', async (t) => {
    const cli = await commandLine(t);
    for (const args of [
      ['check', 'bash', 'ls'],
      ['deny', 'bash(rm:*)'],
      ['allow', 'Bash('],
      ['allow', 'Bash(ls)', '--expires', 'soon'],
      ['check'],
    ]) {
      const { exitCode, stderr } = await cli.call(['permissions', ...args]);
      assert.equal(exitCode, 2, `${args.join(' ')}: ${stderr}`);
    }
  });
});

describe('an approval', () => {
  it('of the workspace lies in its store, is private, and expires after 30 days', async (t) => {
    const cli = await commandLine(t);
    const before = Date.now();
    await cli.json(['permissions', 'allow', 'Bash(npm run test:*)']);
    await cli.json(['permissions', 'allow', 'Edit', '--expires', '0.5']);
    await cli.json(['permissions', 'allow', 'Read', '--expires', 'never']);
    await cli.json(['permissions', 'ask', 'Bash(git push:*)']);
    const [test, edit, read, push] = await listed(cli);
    const daysOf = (each: ApprovalJson | undefined): number =>
      (Date.parse(each?.expiresAt ?? '') - before) / DAY_MS;
    assert.ok(Math.abs(daysOf(test) - 30) < 0.01);
    assert.ok(Math.abs(daysOf(edit) - 0.5) < 0.01);
    assert.deepEqual([read?.expiresAt, push?.expiresAt], [null, null]);
    assert.deepEqual(
      [test?.rule, test?.decision, test?.scope, test?.by, test?.isExpired, push?.decision],
      ['Bash(npm run test:*)', 'allow', 'workspace', 'cli', false, 'ask'],
    );
    const { mode } = await stat(fileOf(cli));
    assert.equal(mode & 0o777, 0o600);
    const [line = ''] = (await readFile(fileOf(cli), 'utf8')).split('\n');
    assert.equal((JSON.parse(line) as { type: string }).type, 'permission');
  });

  it('that is given again replaces the earlier one, and can be revoked', async (t) => {
    const cli = await commandLine(t);
    await cli.json(['permissions', 'allow', 'Bash(rm:*)']);
    await cli.json(['permissions', 'deny', ' Bash(rm:*) ']);
    assert.deepEqual(
      (await listed(cli)).map(({ decision }) => decision),
      ['deny'],
    );
    await cli.json(['permissions', 'revoke', 'Bash(rm:*)']);
    assert.deepEqual(await listed(cli), []);
    const { exitCode, stderr } = await cli.call(['permissions', 'revoke', 'Bash(rm:*)']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /no approval Bash\(rm:\*\)/);
  });

  it('of a session counts in that session alone, and lies in its journal', async (t) => {
    const cli = await commandLine(t);
    await cli.json(['sessions', 'new', 'project-main']);
    await cli.json(['permissions', 'allow', 'Bash(make)', '--session', 'project-main']);
    const decisionIn = async (...args: string[]): Promise<unknown> =>
      ((await check(cli, 'Bash', 'make', ...args)) as { decision: string }).decision;
    assert.equal(await decisionIn(), 'ask');
    assert.equal(await decisionIn('--session', 'project-main'), 'allow');
    const shown = (await cli.json(['sessions', 'show', 'project-main'])) as {
      permissions: { approvedTools: string[] };
    };
    assert.deepEqual(shown.permissions.approvedTools, ['Bash(make)']);
    const inTerminal = { env: { HOLDFAST_SESSION: 'project-main' } };
    const { stdout } = await cli.call(['permissions', 'check', 'Bash', 'make'], inTerminal);
    assert.match(stdout, /^allow/);
    await cli.call(['permissions', 'revoke', 'Bash(make)'], inTerminal);
    assert.equal(await decisionIn('--session', 'project-main'), 'ask');
    const unknown = await cli.call(['permissions', 'allow', 'Read', '--session', 'nowhere']);
    assert.equal(unknown.exitCode, 1);
  });

  it('of a directory is good as long as that leads where it led', async (t) => {
    const cli = await commandLine(t);
    const outside = path.join(cli.home, '../', `${path.basename(cli.workspace)}-other`);
    await mkdir(outside);
    const link = path.join(cli.workspace, 'link');
    await symlink(outside, link);
    await cli.json(['permissions', 'allow', 'Read']);
    const decisionOf = async (file: string): Promise<unknown> =>
      ((await check(cli, 'Read', file)) as { decision: string }).decision;
    assert.equal(await decisionOf('link/a'), 'ask');
    await cli.json(['permissions', 'add-dir', link]);
    assert.equal(await decisionOf('link/a'), 'allow');
    assert.equal(await decisionOf(path.join(outside, 'a')), 'allow');
    await cli.json(['permissions', 'revoke', outside]);
    assert.equal(await decisionOf('link/a'), 'ask');
    assert.equal((await cli.call(['permissions', 'add-dir', 'nowhere'])).exitCode, 2);
    assert.equal((await cli.call(['permissions', 'add-dir', '/'])).exitCode, 2);
  });

  it('on a damaged line is told, and the others count', async (t) => {
    const cli = await commandLine(t);
    await cli.json(['permissions', 'allow', 'Read']);
    await appendFile(fileOf(cli), '{"v":1,"type":"perm');
    await cli.json(['permissions', 'allow', 'Edit']);
    const { stdout, stderr } = await cli.call(['permissions']);
    assert.match(stdout, /Read[^]*Edit|Edit[^]*Read/);
    assert.match(stderr, /1 line of the workspace's permissions cannot be read/);
  });
});

describe('holdfast permissions', () => {
  it('lists what denies first, in aligned columns', async (t) => {
    const cli = await commandLine(t);
    const empty = await cli.call(['permissions']);
    assert.match(empty.stdout, /^No permissions have been given in /);
    await cli.call(['permissions', 'allow', 'Bash(git:*)']);
    await cli.call(['permissions', 'deny', 'Bash(rm:*)']);
    const { stdout } = await cli.call(['permissions']);
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      'DECISION  SCOPE      EXPIRES  BY   WHAT',
      'deny      workspace  never    cli  Bash(rm:*)',
      'allow     workspace  in 30 d  cli  Bash(git:*)',
    ]);
  });
});
