import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CallToolResultSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { endHomeProcesses, HOME_MARK } from '../../../support/homeProcesses.ts';
import { builtCommandLine } from '../../cli/support/commandLine.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';

export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
  /** The structured content; its fields are checked by the tests. */
  readonly structured: Record<string, unknown>;
}

/** A home and a workspace folder, and clients that work there; everything ends with the test. */
export interface McpPlace {
  readonly home: string;
  readonly workspace: string;
  readonly cli: string;
  connect(options?: ConnectOptions): Promise<McpConnection>;
}

export interface ConnectOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Folders; without it the client has no roots to offer. */
  readonly roots?: readonly string[];
  readonly name?: string;
}

export interface McpConnection {
  readonly client: Client;
  readonly pid: number;
  /** Notifications in the order in which they came: `log`, `listChanged`, `updated`. */
  readonly news: { readonly kind: string; readonly data: unknown }[];
  /** What the client answers to `roots/list`. */
  roots: readonly string[];
  readonly call: (tool: string, input?: object, options?: CallOptions) => Promise<ToolAnswer>;
  close(): Promise<void>;
}

export interface CallOptions extends RequestOptions {
  readonly meta?: Record<string, unknown>;
}

export async function mcpPlace(test: Cleanup): Promise<McpPlace> {
  const cli = await builtCommandLine();
  const made: { home?: string } = {};
  // Hooks run in the order in which they were added: this one must come before the directories go.
  test.after(async () => {
    if (made.home !== undefined) await endHomeProcesses(made.home);
  });
  const home = await tempDir(test, 'holdfast-home-');
  made.home = home;
  const workspace = await tempDir(test, 'holdfast-work-');
  return {
    home,
    workspace,
    cli,
    connect: (options) => connect(test, { home, workspace, cli }, options),
  };
}

async function connect(
  test: Cleanup,
  { home, workspace, cli }: Pick<McpPlace, 'home' | 'workspace' | 'cli'>,
  options: ConnectOptions = {},
): Promise<McpConnection> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, 'mcp', ...(options.args ?? [])],
    cwd: options.cwd ?? workspace,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOLDFAST_HOME: home,
      [HOME_MARK]: home,
      ...options.env,
    },
    stderr: 'inherit',
  });
  const hasRoots = options.roots !== undefined;
  const client = new Client(
    { name: options.name ?? 'test-client', version: '1' },
    { capabilities: hasRoots ? { roots: { listChanged: true } } : {} },
  );
  const connection: McpConnection = {
    client,
    get pid() {
      return transport.pid ?? 0;
    },
    news: [],
    roots: options.roots ?? [],
    call: async (name, input = {}, { meta, ...rest } = {}) => {
      const params = { name, arguments: { ...input }, ...(meta && { _meta: meta }) };
      const result = await client.callTool(params, CallToolResultSchema, rest);
      const { content, structuredContent, isError } = CallToolResultSchema.parse(result);
      const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      return { text, isError: isError === true, structured: structuredContent ?? {} };
    },
    close: () => client.close(),
  };
  listen(connection, hasRoots);
  test.after(() => client.close());
  await client.connect(transport);
  return connection;
}

function listen(connection: McpConnection, hasRoots: boolean): void {
  const { client, news } = connection;
  if (hasRoots) {
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: connection.roots.map((folder) => ({ uri: pathToFileURL(folder).href })),
    }));
  }
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    news.push({ kind: 'log', data: params });
  });
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
    news.push({ kind: 'listChanged', data: undefined });
  });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    news.push({ kind: 'updated', data: params.uri });
  });
}

/** As esbuild.mjs does it, but beside nobody else's build. */
