// What an agent waits for: a command that does nothing, and the next lines of a task, through a client and our server.
import { spawnSync } from 'node:child_process';
import { appendFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { tasksDirectory } from '../../src/core/tasks/taskDirectory.ts';
import { openBenchHost } from './support/benchHost.ts';
import { heading, median, row, target, timeMs } from './support/report.ts';

const ROUNDS = 50;
const MIB = 1024 * 1024;
const cli = path.join(import.meta.dirname, '../../dist/cli.cjs');

const bench = openBenchHost();
const { home, folder } = bench.host.workspace;
const client = new Client({ name: 'bench', version: '1' });

async function call(name: string, input: object): Promise<Record<string, unknown>> {
  const answer = await client.callTool({ name, arguments: { ...input } });
  const { structuredContent, isError, content } = CallToolResultSchema.parse(answer);
  if (isError === true) throw new Error(JSON.stringify(content));
  return structuredContent ?? {};
}

async function medianMs(action: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await timeMs(action));
  return median(times);
}

try {
  const startMs = await timeMs(() =>
    client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [cli, 'mcp'],
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', HOLDFAST_HOME: home },
      }),
    ),
  );
  heading('An agent over MCP, ms');
  row('start of the server', { ms: startMs });
  const pingMs = await medianMs(() => client.ping());
  row('ping', { ms: pingMs });
  const plainMs = await medianMs(() => spawnSync('bash', ['-c', 'true']));
  row('bash -c true, no MCP', { ms: plainMs });
  const bashMs = await medianMs(() => call('bash', { command: 'true' }));
  row('bash, of "true"', { ms: bashMs, 'times plain': bashMs / plainMs });
  await call('bash', { command: 'sleep 600', run_in_background: true });
  const log = path.join(tasksDirectory(bench.host.workspace), 'bash_1', 'output.log');
  const times: number[] = [];
  for (const sizeMib of [1, 64]) {
    truncateSync(log, sizeMib * MIB);
    await call('bash_output', { bash_id: 'bash_1', tail_lines: 1 });
    const ms = await medianMs(() => {
      appendFileSync(log, 'a new line\n'.repeat(10));
      return call('bash_output', { bash_id: 'bash_1' });
    });
    times.push(ms);
    row(`bash_output, log ${sizeMib} MiB`, { ms });
  }
  target('bash_output below 10 ms', Math.max(...times) < 10);
  target('a command below 50 ms', bashMs < 50);
} finally {
  await client.close();
  await bench.close();
}
