import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Disposable } from '../core/common/disposables.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import { Agents } from './agents.ts';
import { noElicitation } from './noElicitation.ts';
import { registerResources } from './resourceHandlers.ts';
import { TaskNews } from './taskNews.ts';
import { registerTools } from './toolHandlers.ts';
import { placeOfClient, type ClientPlace } from './workspaceOfClient.ts';

/** A client that has roots and does not name them in this time is served in the directory it started us in. */
const ROOTS_TIMEOUT_MS = 3000;

const instructions = `Holdfast runs shell commands that outlive this conversation. Use its bash tool with run_in_background for servers, watchers and long builds: they go on as bash_1, bash_2, … when the client, the editor or this server is closed or crashes, and their whole output and exit code are there afterwards. The tasks are shared with the user, who sees them in the editor and with the command "holdfast tasks", and with other agents in the same workspace. Look with list_bashes before you start a server that may be running already.`;

export interface ServerOptions {
  readonly version: string;
  readonly home: string;
  /** `--workspace`, as an absolute path. */
  readonly workspace: string | undefined;
  readonly cwd: string;
  /** `--window` */
  readonly windowPid: number | undefined;
  readonly host: Omit<TaskHost, 'workspace'>;
}

/** One client's server. It holds no task and may be killed at any time; `dispose` it when the client has gone. */
export class HoldfastServer implements Disposable {
  readonly mcp: McpServer;
  readonly #options: ServerOptions;
  readonly #subscribed = new Set<string>();
  #agents: Promise<Agents> | undefined;
  #opened: Agents | undefined;
  #news: TaskNews | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.mcp = new McpServer(
      { name: 'holdfast', title: 'Holdfast', version: options.version },
      {
        instructions,
        jsonSchemaValidator: noElicitation,
        capabilities: {
          tools: {},
          resources: { subscribe: true, listChanged: true },
          logging: {},
          completions: {},
        },
      },
    );
    const open = (): Promise<Agents> => this.#open();
    registerTools(this.mcp, open, options.host.log);
    registerResources(this.mcp, open, this.#subscribed);
    const { server } = this.mcp;
    server.oninitialized = () => {
      this.#open().catch((error: unknown) => {
        options.host.log.warn('workspace.notOpened', { error });
      });
    };
    server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
      const before = this.#agents;
      this.#agents = this.#reopen(before);
    });
  }

  dispose(): void {
    this.#news?.dispose();
    this.#opened?.dispose();
  }

  async #open(): Promise<Agents> {
    const opening = (this.#agents ??= this.#openAt());
    try {
      const agents = await opening;
      this.#news?.beginOnceStored();
      return agents;
    } catch (error) {
      // What was in the way may be gone at the next call.
      if (this.#agents === opening) this.#agents = undefined;
      throw error;
    }
  }

  async #openAt(): Promise<Agents> {
    const place = await this.#place();
    return this.#agentsAt(place);
  }

  /** Calls under way end where they began; the next ones find the new workspace, if it is another. */
  async #reopen(before: Promise<Agents> | undefined): Promise<Agents> {
    const place = await this.#place();
    const known = await before;
    if (known?.host.workspace.directory === place.workspace.directory) return known;
    this.#news?.dispose();
    known?.dispose();
    return this.#agentsAt(place);
  }

  #agentsAt(place: ClientPlace): Agents {
    const { host, windowPid } = this.#options;
    const name = this.mcp.server.getClientVersion()?.name ?? 'client';
    host.log.info('workspace.chosen', { folder: place.workspace.folder, root: place.root });
    const agents = new Agents(host, place, name, windowPid, () => this.#news?.beginOnceStored());
    this.#news = new TaskNews(this.mcp, agents.host, this.#subscribed);
    this.#opened = agents;
    return agents;
  }

  async #place(): Promise<ClientPlace> {
    const { home, workspace: option, cwd } = this.#options;
    return placeOfClient({ home, option, cwd, rootUris: await this.#rootUris() });
  }

  async #rootUris(): Promise<string[]> {
    const { server } = this.mcp;
    if (server.getClientCapabilities()?.roots === undefined) return [];
    try {
      const { roots } = await server.listRoots(undefined, { timeout: ROOTS_TIMEOUT_MS });
      return roots.map(({ uri }) => uri);
    } catch (error) {
      this.#options.host.log.warn('roots.notListed', { error });
      return [];
    }
  }
}
