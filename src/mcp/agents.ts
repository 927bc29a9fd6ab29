import { mkdirSync } from 'node:fs';
import { adoptAbandoned } from '../core/agents/tools/adoptAbandoned.ts';
import { Agent } from '../core/agents/tools/agent.ts';
import {
  openCaptureDirectory,
  type CaptureDirectory,
} from '../core/agents/tools/captureDirectory.ts';
import { DisposableStore, type Disposable } from '../core/common/disposables.ts';
import { ensureWorkspace } from '../core/store/workspace.ts';
import { COOKIE_VARIABLE } from '../core/tasks/environment.ts';
import { takeLease } from '../core/tasks/leases.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { linkTask } from '../core/agents/claude-code/claudeTasks.ts';
import { StartingClaude } from '../core/agents/claude-code/startingClaude.ts';
import { sessionOfCall, SESSION_META_KEY } from '../core/agents/sessionOfCall.ts';
import { WindowSession } from '../core/agents/windowSession.ts';
import type { ClientPlace } from './workspaceOfClient.ts';

/** The agents that talk through one connection: one for each session that its calls name, in one workspace. */
export class Agents implements Disposable {
  readonly host: TaskHost;
  readonly #root: string;
  readonly #reader: string;
  readonly #agents = new Map<string | undefined, Agent>();
  readonly #claude: StartingClaude;
  readonly #window: WindowSession | undefined;
  readonly #onStored: () => void;
  readonly #disposables = new DisposableStore();
  #captures: CaptureDirectory | undefined;
  #hasLease = false;

  /**
   * @param clientName as the client introduced itself; its cursors in a session go by it.
   * @param windowPid the editor's window that started us for its own agents: its current session is theirs.
   * @param onStored called once there is a store for certain, before the first command runs.
   */
  constructor(
    host: Omit<TaskHost, 'workspace'>,
    place: ClientPlace,
    clientName: string,
    windowPid: number | undefined,
    onStored: () => void,
  ) {
    this.#onStored = onStored;
    this.host = { ...host, workspace: place.workspace };
    this.#root = place.root;
    this.#claude = new StartingClaude(host.environment);
    this.#window =
      windowPid === undefined ? undefined : new WindowSession(this.host, place.root, windowPid);
    this.#reader = `${host.face}.${clientName.replaceAll(/[^\w.-]+/g, '-').slice(0, 40)}`;
    adoptAbandoned(this.host);
  }

  /** @throws HoldfastError as {@link sessionOfCall}. */
  agentFor(meta: Readonly<Record<string, unknown>> | undefined): Agent {
    const session = this.#sessionOf(meta);
    const known = this.#agents.get(session);
    if (known !== undefined) return known;
    const agent = new Agent({
      host: this.host,
      root: this.#root,
      reader: this.#reader,
      ...(session === undefined ? {} : { session }),
      captureDirectory: () => this.#captureDirectory(),
      onTask: (task) => {
        this.#linkToConversation(task);
      },
    });
    this.#agents.set(session, agent);
    return agent;
  }

  /** Whoever runs commands here wants the workspace's tasks to live as long as it does, as a window does. */
  takeLease(): void {
    if (this.#hasLease) return;
    ensureWorkspace(this.host.workspace, this.host.clock.now());
    // Unless it is itself a part of a task, an agent of ours: that would keep itself alive.
    const isOfTask = this.host.environment[COOKIE_VARIABLE] !== undefined;
    if (!isOfTask) this.#disposables.add(takeLease(this.host.workspace));
    this.#hasLease = true;
    this.#onStored();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #sessionOf(meta: Readonly<Record<string, unknown>> | undefined): string | undefined {
    const isNamed = meta?.[SESSION_META_KEY] !== undefined;
    // What only looks begins nothing; whatever does something has taken the lease by now.
    if (!isNamed && this.#window !== undefined)
      return this.#window.id({ mayBegin: this.#hasLease });
    const conversation = this.#claude.conversation;
    const current = conversation === undefined ? {} : { CLAUDE_CODE_SESSION_ID: conversation };
    const environment = { ...this.host.environment, ...current };
    return sessionOfCall({ ...this.host, environment }, this.#root, meta);
  }

  /** A session of ours may be that of several conversations, which share a terminal's environment: this tells whose it is. */
  #linkToConversation(task: TaskSnapshot): void {
    const conversation = this.#window === undefined ? this.#claude.conversation : undefined;
    // Of one that is over the call itself tells.
    if (conversation === undefined || task.status !== 'running') return;
    const names = { claudeTask: undefined, toolUse: undefined };
    linkTask(this.host.workspace.home, conversation, task, names);
  }

  #captureDirectory(): string {
    this.#captures ??= this.#disposables.add(openCaptureDirectory(this.host.environment));
    // Somebody may have tidied up what lies in memory.
    mkdirSync(this.#captures.path, { recursive: true, mode: 0o700 });
    return this.#captures.path;
  }
}
