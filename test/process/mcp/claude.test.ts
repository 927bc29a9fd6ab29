import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { claudeProgram, claudeVersions } from '../../../scripts/claudeCode/provision.mjs';
import { claudeTasksOf } from '../../../src/core/agents/claude-code/claudeTasks.ts';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { listTasks } from '../../../src/core/tasks/listTasks.ts';
import { HOME_MARK } from '../../support/homeProcesses.ts';
import { startMessagesApi, type MessagesApi } from '../../support/messagesApi.ts';
import { tempDir } from '../../support/tempDir.ts';
import { mcpPlace, type McpPlace } from './support/mcpClient.ts';

const SESSION = '3f2b8d14-0c5e-4f6a-8b7d-1e2f3a4b5c6d';

/** The program of a version. Where it cannot be had the test is skipped, but never on a build machine. */
function requireClaude(test: TestContext, version: string): string | undefined {
  const program = claudeProgram(version);
  if (program !== undefined && existsSync(program)) return program;
  if (process.env['CI'] !== undefined) throw new Error(`Claude Code ${version} is not installed`);
  process.stderr.write(`Not tested: Claude Code ${version} is not installed.\n`);
  test.skip(`Claude Code ${version} is not installed`);
  return undefined;
}

/** Runs `claude -p` with our server, in a configuration of its own and against the stand-in. */
async function runClaude(
  test: TestContext,
  program: string,
  { place, api, calls }: { place: McpPlace; api: MessagesApi; calls: readonly string[] },
): Promise<string> {
  const scratch = await tempDir(test);
  const config = path.join(scratch, 'mcp.json');
  const holdfast = { command: process.execPath, args: [place.cli, 'mcp'] };
  writeFileSync(config, JSON.stringify({ mcpServers: { holdfast } }));
  const options = [
    ...['--mcp-config', config, '--strict-mcp-config', '--session-id', SESSION],
    ...['--allowedTools', 'mcp__holdfast'],
  ];
  const child = spawn(program, ['-p', ['Do this:', ...calls].join('\n'), ...options], {
    cwd: place.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: scratch,
      CLAUDE_CONFIG_DIR: path.join(scratch, 'claude'),
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'any',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      HOLDFAST_HOME: place.home,
      [HOME_MARK]: place.home,
    },
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, output);
  return output;
}

describe('Claude Code with the MCP server', () => {
  for (const version of claudeVersions) {
    it(`of version ${version} runs commands and reads tasks, which outlive it`, async (test) => {
      const program = requireClaude(test, version);
      if (program === undefined) return;
      const place = await mcpPlace(test);
      const api = await startMessagesApi(test);
      const server = 'echo listening on 4711; while :; do sleep 1; done';
      const output = await runClaude(test, program, {
        place,
        api,
        calls: [
          `@@mcp__holdfast__bash ${JSON.stringify({ command: 'mkdir sub && cd sub && echo made' })}`,
          `@@mcp__holdfast__bash ${JSON.stringify({ command: 'pwd; exit 3' })}`,
          `@@mcp__holdfast__bash ${JSON.stringify({ command: server, run_in_background: true })}`,
          '@@mcp__holdfast__bash_output {"bash_id":"bash_9"}',
          '@@mcp__holdfast__bash {"command":"seq 1 100000"}',
        ],
      });
      assert.match(output, /done/);
      const told = api.textSince(0);
      assert.match(told, /made\\\\?n/);
      assert.ok(told.includes(path.join(place.workspace, 'sub')), 'the directory carries over');
      assert.match(told, /exit code 3|exit_code\W+3/);
      assert.match(told, /listening on 4711/);
      assert.match(told, /no task bash_9/);
      assert.match(told, /Holdfast runs shell commands that outlive/, 'our instructions');
      assert.doesNotMatch(told, /exceeds maximum allowed tokens|\[OUTPUT TRUNCATED/i);

      const { tasks } = listTasks(workspaceOf(place.home, place.workspace), Date.now());
      const [kept] = tasks;
      assert.equal(kept?.id, 'bash_1');
      assert.equal(kept.status, 'running', 'it goes on without Claude Code');
      assert.equal(kept.session, SESSION, 'it belongs to the session');
      const linked = claudeTasksOf(place.home, SESSION, Date.now());
      assert.deepEqual(
        linked.map(({ task }) => task.id),
        ['bash_1'],
        'and to the conversation',
      );
    });
  }
});
