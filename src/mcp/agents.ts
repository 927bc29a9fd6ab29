import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { adoptAbandoned } from '../core/agents/tools/adoptAbandoned.ts';
import { Agent } from '../core/agents/tools/agent.ts';
import {
  openCaptureDirectory,
  type CaptureDirectory,
} from '../core/agents/tools/captureDirectory.ts';
import { DisposableStore, type Disposable } from '../core/common/disposables.ts';
import { ensureWorkspace } from '../core/store/workspace.ts';
import { takeLease } from '../core/tasks/leases.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import { sessionOfCall } from '../core/agents/sessionOfCall.ts';
import type { ClientPlace } from './workspaceOfClient.ts';

/** The agents that talk through one connection: one for each session that its calls name, in one workspace. */
export class Agents implements Disposable {
  readonly host: TaskHost;
  readonly #root: string;
  readonly #reader: string;
  readonly #agents = new Map<string | undefined, Agent>();
  readonly #disposables = new DisposableStore();
  #captures: CaptureDirectory | undefined;
  #hasLease = false;

  /** @param clientName as the client introduced itself; its cursors in a session go by it. */
  constructor(host: Omit<TaskHost, 'workspace'>, place: ClientPlace, clientName: string) {
    this.host = { ...host, workspace: place.workspace };
    this.#root = place.root;
    this.#reader = `${host.face}.${clientName.replaceAll(/[^\w.-]+/g, '-').slice(0, 40)}`;
    adoptAbandoned(this.host);
  }

  /** @throws HoldfastError as {@link sessionOfCall}. */
  agentFor(meta: Readonly<Record<string, unknown>> | undefined): Agent {
    const session = sessionOfCall(this.host, this.#root, meta);
    const known = this.#agents.get(session);
    if (known !== undefined) return known;
    const agent = new Agent({
      host: this.host,
      root: this.#root,
      reader: this.#reader,
      ...(session === undefined ? {} : { session }),
      captureDirectory: () => this.#captureDirectory(),
    });
    this.#agents.set(session, agent);
    return agent;
  }

  /** Whoever runs commands here wants the workspace's tasks to live as long as it does, as a window does. */
  takeLease(): void {
    if (this.#hasLease) return;
    ensureWorkspace(this.host.workspace, this.host.clock.now());
    this.#disposables.add(takeLease(this.host.workspace));
    this.#hasLease = true;
  }

  /** Whether anything has ever been kept for the workspace. */
  get hasStore(): boolean {
    return existsSync(path.join(this.host.workspace.directory, 'workspace.json'));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #captureDirectory(): string {
    this.#captures ??= this.#disposables.add(openCaptureDirectory(this.host.environment));
    // Somebody may have tidied up what lies in memory.
    mkdirSync(this.#captures.path, { recursive: true, mode: 0o700 });
    return this.#captures.path;
  }
}
