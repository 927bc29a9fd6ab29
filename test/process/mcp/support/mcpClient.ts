import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
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
import { build } from 'esbuild';
import { endHomeProcesses, HOME_MARK } from '../../../support/homeProcesses.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

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

let built: Promise<string> | undefined;

export async function mcpPlace(test: Cleanup): Promise<McpPlace> {
  const cli = await (built ??= buildServer());
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
async function buildServer(): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'holdfast-mcp-')));
  // All tests of a file share it, and a hook added now would belong to the first of them.
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const dist = path.join(directory, 'dist');
  await mkdir(dist);
  for (const name of ['keeper.sh', 'watch.sh', 'stop.sh']) {
    await cp(path.join(root, 'src/keeper', name), path.join(dist, name));
  }
  await cp(path.join(root, 'package.json'), path.join(directory, 'package.json'));
  // Where the keeper finds its native module.
  await symlink(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
  for (const [entry, name] of [
    ['src/cli/main.ts', 'cli.cjs'],
    ['src/keeper/main.ts', 'keeper.cjs'],
  ] as const) {
    await build({
      entryPoints: [path.join(root, entry)],
      outfile: path.join(dist, name),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
      define: { 'import.meta.url': '__url', 'import.meta.dirname': '__dirname' },
      logLevel: 'warning',
    });
  }
  return path.join(dist, 'cli.cjs');
}
