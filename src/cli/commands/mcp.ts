import type { Command } from 'commander';
import type { CommonOptions } from '../context.ts';
import { parseCount } from '../optionValues.ts';
import { addCommand, readVersion } from '../program.ts';

export function define(program: Command): void {
  addCommand(program, 'mcp', {
    summary: 'serve agents over the Model Context Protocol (stdio)',
    details:
      'For the configuration of an MCP client, not for a terminal: it speaks the protocol on stdin and stdout. --workspace decides which tasks are meant, else the roots of the client, else the current directory. Tasks go on when it ends.',
    example: 'holdfast mcp\nholdfast mcp --workspace ~/project',
  })
    .option(
      '--window <pid>',
      "the editor's window whose current session the tasks belong to; the editor says so itself",
      parseCount,
    )
    .action(serve);
}

interface ServeOptions extends CommonOptions {
  readonly window?: number;
}

async function serve({ workspace, window }: ServeOptions): Promise<void> {
  const { serveMcp } = await import('../../mcp/main.ts');
  await serveMcp({
    version: readVersion(),
    ...(workspace === undefined ? {} : { workspace }),
    ...(window === undefined ? {} : { window }),
  });
}
