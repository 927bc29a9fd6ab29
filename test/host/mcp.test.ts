import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { waitFor } from '../support/waitFor.ts';

interface Configuration {
  readonly mcpServers: {
    readonly holdfast: {
      readonly command: string;
      readonly args: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    };
  };
}

describe('the MCP server', () => {
  before(async () => {
    await vscode.extensions.getExtension('holdfast.holdfast')?.activate();
  });

  it("is found by the editor's own agents, and starts", async () => {
    const ours = (): string[] =>
      vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('mcp_holdfast_'));
    const start = (): Thenable<unknown> =>
      vscode.commands.executeCommand('workbench.mcp.startServer', '*', { autoTrustChanges: true });
    await waitFor(
      async () => {
        // The editor asks for servers some time after activation; those it does not know yet it cannot start.
        if (ours().length === 0) await start();
        return ours().length === 6;
      },
      {
        deadlineMs: 15_000,
        intervalMs: 250,
        describe: () => `six tools among ${vscode.lm.tools.map(({ name }) => name).join(', ')}`,
      },
    );
    assert.ok(ours().includes('mcp_holdfast_bash_output'), ours().join(', '));
  });

  it('starts for any other client by the configuration that is copied', async () => {
    const text = await vscode.commands.executeCommand<string>('holdfast.mcp.copyConfiguration');
    assert.equal(await vscode.env.clipboard.readText(), text);
    const { holdfast } = (JSON.parse(text) as Configuration).mcpServers;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder);
    const client = new Client({ name: 'host-test', version: '1' });
    const { PATH = '', HOLDFAST_HOME = '' } = process.env;
    const transport = new StdioClientTransport({
      command: holdfast.command,
      args: [...holdfast.args],
      cwd: folder,
      env: { PATH, HOLDFAST_HOME, ...holdfast.env },
    });
    await client.connect(transport);
    try {
      const call = { name: 'bash', arguments: { command: 'pwd' } };
      const { structuredContent } = CallToolResultSchema.parse(await client.callTool(call));
      assert.equal(structuredContent?.['output'], `${folder}\n`);
    } finally {
      await client.close();
    }
  });
});
