import type { Command } from 'commander';
import type { CommonOptions } from '../context.ts';
import { addCommand, readVersion } from '../program.ts';

export function define(program: Command): void {
  addCommand(program, 'mcp', {
    summary: 'serve agents over the Model Context Protocol (stdio)',
    details:
      'For the configuration of an MCP client, not for a terminal: it speaks the protocol on stdin and stdout. --workspace decides which tasks are meant, else the roots of the client, else the current directory. Tasks go on when it ends.',
    example: 'holdfast mcp\nholdfast mcp --workspace ~/project',
  }).action(serve);
}

async function serve({ workspace }: CommonOptions): Promise<void> {
  const { serveMcp } = await import('../../mcp/main.ts');
  await serveMcp({ version: readVersion(), ...(workspace === undefined ? {} : { workspace }) });
}
