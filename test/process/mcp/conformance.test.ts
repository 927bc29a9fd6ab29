import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { conformanceProgram } from '../../../scripts/mcpConformance/provision.mjs';
import { ensureVsCodeServer } from '../../../scripts/vscodeServer/provision.mjs';
import { tempDir } from '../../support/tempDir.ts';
import { startHttpBridge } from './support/httpBridge.ts';
import { mcpPlace } from './support/mcpClient.ts';

/** Those that any server can pass: the others call tools, prompts and resources of the authors' own server. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'resources-subscribe',
  'resources-unsubscribe',
  'logging-set-level',
  'completion-complete',
];

describe("the protocol's own conformance tests", () => {
  it('pass, over a bridge to our stdio', async (test) => {
    if (!existsSync(conformanceProgram)) {
      if (process.env['CI'] !== undefined) throw new Error('they are not installed');
      process.stderr.write('Not tested: the conformance tests of MCP are not installed.\n');
      test.skip('they are not installed');
      return;
    }
    const url = await startHttpBridge(test, await mcpPlace(test));
    // Its Node is 22 or later, as they need.
    const { node } = await ensureVsCodeServer();
    const cwd = await tempDir(test);
    const results = await Promise.all(
      scenarios.map(async (scenario) => {
        const args = [conformanceProgram, 'server', '--url', url, '--scenario', scenario];
        const child = spawn(node, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
        child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
        const code = await new Promise((resolve) => child.once('close', resolve));
        return { scenario, code, output };
      }),
    );
    for (const { scenario, code, output } of results) {
      assert.equal(code, 0, `${scenario}:\n${output}`);
      assert.match(output, /Passed: (\d+)\/\1, 0 failed/, scenario);
    }
  });
});
