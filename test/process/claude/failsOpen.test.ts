import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  allowBash,
  call,
  claudeVersions,
  startClaude,
  writeLocalSettings,
  type Claude,
} from './support/claude.ts';
import { tasksOf } from './support/tasks.ts';

const COMMANDS = [
  call('Bash', { command: 'echo fore; exit 3' }),
  call('Bash', { command: 'echo back; exit 4', run_in_background: true }),
  call('Bash', { command: 'sleep 1; sleep 1; echo over' }),
];

/** Ways in which Holdfast may be broken while Claude Code's settings still name it. */
const failures: Readonly<Record<string, (claude: Claude) => void>> = {
  'the command line is gone': ({ cli }) => {
    rmSync(path.join(cli.home, 'bin/holdfast'));
  },
  'the command line fails': ({ cli }) => {
    writeFileSync(path.join(cli.home, 'bin/holdfast'), '#!/bin/sh\necho broken >&2\nexit 1\n');
  },
  'the hook is gone': ({ cli }) => {
    rmSync(path.join(cli.home, 'bin/claude-hook'));
  },
  'the hook fails': ({ cli }) => {
    const file = path.join(cli.home, 'bin/claude-hook');
    writeFileSync(file, '#!/bin/sh\nexit 1\n');
    chmodSync(file, 0o700);
  },
};

/** A hook, an MCP server and a shell prefix with arguments, such as a user may have. */
function useOwnParts(claude: Claude): void {
  const inFolder = (name: string): string => path.join(claude.folder, name);
  mkdirSync(inFolder('inner'));
  const prefix = `/bin/bash -c 'echo "$1" >>"$PREFIXED"; exec /bin/bash "-c" "$1"' own`;
  const hook = { matcher: 'Bash', hooks: [{ type: 'command', command: 'cat >>"hook input"' }] };
  const settings = {
    env: { CLAUDE_CODE_SHELL_PREFIX: prefix, PREFIXED: inFolder('prefixed') },
    hooks: { PreToolUse: [hook] },
    enabledMcpjsonServers: ['own'],
  };
  writeLocalSettings(claude, JSON.stringify(settings));
  writeFileSync(inFolder('own server'), 'exec cat >served\n');
  const server = { command: '/bin/sh', args: ['own server'] };
  writeFileSync(inFolder('.mcp.json'), JSON.stringify({ mcpServers: { own: server } }));
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version} works as without Holdfast`, { concurrency: 2 }, () => {
    for (const [name, fail] of Object.entries(failures)) {
      test(`when ${name}`, async (t) => {
        const claude = await startClaude(t, version);
        if (claude === undefined) return;
        await claude.protect();
        fail(claude);
        const run = await claude.prompt(COMMANDS, allowBash);
        assert.equal(run.exitCode, 0, run.stderr);
        const results = claude.api.toolResults();
        assert.match(results[0] ?? '', /Exit code 3\s+fore/);
        assert.match(results[2] ?? '', /over/);
        assert.match(claude.api.textSince(0), /failed with exit code 4/);
        assert.deepEqual(await tasksOf(claude), []);
        if (name.startsWith('the command line')) {
          assert.match(
            readFileSync(path.join(claude.cli.home, 'log/claude.log'), 'utf8'),
            /not kept/,
          );
        }
      });
    }

    test('when its home is deleted, for commands, hooks and MCP servers', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      useOwnParts(claude);
      await claude.protect();
      rmSync(claude.cli.home, { recursive: true });
      const run = await claude.prompt(
        [...COMMANDS, call('Bash', { command: 'cd inner' }), call('Bash', { command: 'pwd' })],
        allowBash,
      );
      assert.equal(run.exitCode, 0, run.stderr);
      const results = claude.api.toolResults();
      assert.match(results[0] ?? '', /Exit code 3\s+fore/);
      assert.match(claude.api.textSince(0), /failed with exit code 4/);
      assert.match(results[4] ?? '', /\/inner$/, 'the working directory is remembered');
      const read = (name: string): string => readFileSync(path.join(claude.folder, name), 'utf8');
      assert.match(read('hook input'), /"command":"echo fore; exit 3"/);
      assert.match(read('prefixed'), /eval 'echo back; exit 4'/, "the user's prefix");
      assert.match(read('prefixed'), /own server/);
      assert.match(read('served'), /"initialize"/);
    });

    test('for hooks, MCP servers and a prefix of the user', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const prefix = path.join(claude.folder, 'own prefix');
      writeFileSync(prefix, '#!/bin/sh\necho "$1" >>prefixed\nexec /bin/bash -c "$1"\n', {
        mode: 0o755,
      });
      const hook = { matcher: 'Bash', hooks: [{ type: 'command', command: 'cat >>"hook input"' }] };
      const settings = { env: { CLAUDE_CODE_SHELL_PREFIX: prefix }, hooks: { PreToolUse: [hook] } };
      writeLocalSettings(claude, JSON.stringify(settings));
      await claude.protect();
      const listed = call('mcp__holdfast__list_bashes', {});
      const run = await claude.prompt([...COMMANDS, listed], allowBash);
      assert.equal(run.exitCode, 0, run.stderr);
      const read = (name: string): string => readFileSync(path.join(claude.folder, name), 'utf8');
      assert.match(read('hook input'), /"command":"echo fore; exit 3"/);
      assert.match(read('prefixed'), /eval 'echo fore; exit 3'/);
      assert.match(read('prefixed'), /eval 'echo back; exit 4'/);
      assert.match(claude.api.toolResults()[3] ?? '', /bash_1/);
      const [task] = await tasksOf(claude);
      assert.equal(task?.exitCode, 4);
    });
  });
}
