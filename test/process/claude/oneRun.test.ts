import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { waitFor } from '../../support/waitFor.ts';
import { allowBash, call, claudeVersions, startClaude } from './support/claude.ts';
import { task, untilFirstOutput, untilSettled } from './support/tasks.ts';

for (const version of claudeVersions) {
  void describe(`Claude Code ${version}`, () => {
    test('holdfast claude ARGS keeps the tasks of one run, and writes no settings', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const searchPath = `${path.dirname(claude.program)}${path.delimiter}${claude.env['PATH'] ?? ''}`;
      const lines = [
        call('Bash', { command: 'echo up; sleep 600', run_in_background: true }),
        call('mcp__holdfast__list_bashes', {}),
        call('Bash', { command: 'tail -n 81 -f /dev/null' }),
      ];
      const child = claude.cli.spawn(
        ['claude', '-p', lines.join('\n'), ...allowBash, '--settings', '{"model":"opus"}'],
        { env: { ...claude.env, PATH: searchPath } },
      );
      child.stdin.end();
      await untilFirstOutput(claude);
      await claude.untilCommand('tail -n 81 -f /dev/null');
      assert.match(claude.api.toolResults()[1] ?? '', /running_count/, 'the MCP server is there');
      child.kill('SIGTERM');
      await waitFor(() => child.exitCode !== null);
      await untilSettled(claude);
      assert.equal((await task(claude)).status, 'running');
      assert.deepEqual(readdirSync(claude.folder), []);
    });
  });
}
