import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import { allowBash, call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { commandLines, untilFirstOutput, untilSettled } from './support/tasks.ts';
import { startInTerminal, type ClaudeInTerminal } from './support/terminal.ts';

const SESSION = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a01';
const COMMAND = 'echo up; until [ -e over ]; do sleep 0.1; done; echo done; exit 3';

function endTask({ folder }: Claude): void {
  writeFileSync(path.join(folder, 'over'), '');
}

function waiting(claude: Claude): string[] {
  return commandLines(claude).filter((line) => /claude-hook'? (Stop|AfterStart)/.test(line));
}

async function protectWith(claude: Claude, wake: '--wake' | '--no-wake'): Promise<void> {
  await claude.cli.json(['claude', 'protect', '--yes', wake], { env: claude.env });
}

/** Until a process of ours waits for the end of the first task. */
async function untilAwaited(claude: Claude): Promise<void> {
  const directory = path.join(claude.cli.home, 'claude-code/sessions', SESSION);
  const isKnown = (): boolean => {
    const told = path.join(directory, 'told.json');
    return existsSync(told) && readFileSync(told, 'utf8').includes('"bash_1":"1 running"');
  };
  await waitFor(() => isKnown() && existsSync(path.join(directory, 'waiter')), {
    describe: () => commandLines(claude).join('\n'),
    deadlineMs: 120_000,
  });
}

/** It takes prompts before it has asked its MCP servers for their tools. */
async function untilToolsOffered({ api }: Claude, terminal: ClaudeInTerminal): Promise<void> {
  await waitFor(
    async () => {
      const before = api.requests.length;
      await terminal.ask('hello');
      await waitFor(() => api.requests.length > before, { describe: () => terminal.text() });
      return JSON.stringify(api.requests.at(-1)).includes('mcp__holdfast__bash');
    },
    { deadlineMs: 120_000 },
  );
}

async function untilWoken({ api }: Claude, since: number): Promise<string> {
  await waitFor(() => api.requests.length > since, { describe: 'a turn', deadlineMs: 120_000 });
  return api.textSince(since);
}

async function untilNobodyWaits(claude: Claude): Promise<void> {
  await waitFor(() => waiting(claude).length === 0, {
    describe: () => commandLines(claude).join('\n'),
    deadlineMs: 120_000,
  });
}

for (const version of claudeVersions) {
  void describe(`Claude Code ${version}`, { concurrency: 2 }, () => {
    test('the end of a kept task wakes the Claude that was resumed since', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await protectWith(claude, '--wake');
      const first = await startInTerminal(t, claude, ['--session-id', SESSION, ...allowBash]);
      await first.ask(call('Bash', { command: COMMAND, run_in_background: true }));
      await untilFirstOutput(claude);
      await waitFor(() => claude.api.requests.length >= 2);
      first.kill('SIGTERM');
      await first.untilEnded();
      await untilSettled(claude);
      await untilNobodyWaits(claude);
      const second = await startInTerminal(t, claude, ['--resume', SESSION, ...allowBash]);
      await untilAwaited(claude);
      const before = claude.api.requests.length;
      endTask(claude);
      const text = await untilWoken(claude, before);
      assert.match(
        text,
        /bash_1 \(your task b\w+\) failed \(exit 3\), .* ago; 2 new lines: echo up/,
      );
      second.kill('SIGKILL');
      await untilNobodyWaits(claude);
    });

    test('so does the end of a task that it has started by our own tool', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await protectWith(claude, '--wake');
      const terminal = await startInTerminal(t, claude, ['--session-id', SESSION, ...allowBash]);
      await untilToolsOffered(claude, terminal);
      const more = { description: 'wait', run_in_background: true };
      await terminal.ask(call('mcp__holdfast__bash', { command: COMMAND, ...more }));
      await untilFirstOutput(claude);
      await untilAwaited(claude);
      const before = claude.api.requests.length;
      endTask(claude);
      assert.match(await untilWoken(claude, before), /bash_1 failed \(exit 3\), .* ago/);
      await terminal.ask('/exit');
      await terminal.untilEnded();
      await untilNobodyWaits(claude);
    });

    test('nobody waits where it is not wanted, nor for a prompt with -p', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await protectWith(claude, '--wake');
      const start = call('mcp__holdfast__bash', { command: COMMAND, run_in_background: true });
      const run = await claude.prompt([start], [...allowBash, '--session-id', SESSION]);
      assert.equal(run.exitCode, 0, run.stderr);
      await untilNobodyWaits(claude);
      await protectWith(claude, '--no-wake');
      const terminal = await startInTerminal(t, claude, ['--resume', SESSION, ...allowBash]);
      const before = claude.api.requests.length;
      await terminal.ask('hello');
      await untilWoken(claude, before);
      await untilNobodyWaits(claude);
      endTask(claude);
      terminal.kill('SIGTERM');
      await terminal.untilEnded();
      assert.doesNotMatch(claude.api.textSince(before), /failed \(exit 3\)/);
    });
  });
}
