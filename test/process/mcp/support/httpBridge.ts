import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Cleanup } from '../../../support/tempDir.ts';
import type { McpPlace } from './mcpClient.ts';

/** Hands on every message between HTTP on the loopback and our server on stdio, one server for each client. */
export async function startHttpBridge(test: Cleanup, place: McpPlace): Promise<string> {
  const clients = new Map<string, StreamableHTTPServerTransport>();
  const servers: StdioClientTransport[] = [];
  const connect = async (): Promise<StreamableHTTPServerTransport> => {
    const http = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void clients.set(id, http),
    });
    const stdio = new StdioClientTransport({
      command: process.execPath,
      args: [place.cli, 'mcp'],
      cwd: place.workspace,
      env: { PATH: process.env['PATH'] ?? '', HOLDFAST_HOME: place.home },
    });
    servers.push(stdio);
    http.onmessage = (message) => void stdio.send(message);
    // A client that has gone wants nothing any more.
    stdio.onmessage = (message) => void http.send(message).catch(() => undefined);
    await stdio.start();
    await http.start();
    return http;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const known = clients.get(String(request.headers['mcp-session-id']));
    await (known ?? (await connect())).handleRequest(request, response);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(async () => {
    await Promise.all(servers.map((each) => each.close()));
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}
