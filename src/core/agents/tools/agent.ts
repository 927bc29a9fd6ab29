import { HoldfastError } from '../../common/errors.ts';
import { Journal } from '../../sessions/journal.ts';
import { cursorOf } from '../../sessions/sessionOutput.ts';
import { SessionStore } from '../../sessions/sessionStore.ts';
import { journalTask } from '../../sessions/sessionTasks.ts';
import { readWorkspaceSettings, type WorkspaceSettings } from '../../store/workspaceSettings.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import { AgentShell, type RememberedShell } from './agentShell.ts';

export interface AgentOptions {
  readonly host: TaskHost;
  /** Where its first command runs. */
  readonly root: string;
  /** Tells its cursors from those of others in the same session: `mcp.claude-code`. */
  readonly reader: string;
  /** An existing session of the workspace; without one, what the agent has read and set lives as long as this object. */
  readonly session?: string;
  /** How its tasks are kept; without it, as the editor has left word for the workspace. */
  readonly settings?: () => WorkspaceSettings;
  /** Of this process alone; see captureDirectory.ts. Asked for when it is first needed. */
  readonly captureDirectory: () => string;
  /** Called with each task that it has started and does not wait for (any more). May throw HoldfastErrors. */
  readonly onTask?: (task: TaskSnapshot) => void;
}

/**
 * One agent at work in a workspace: where its commands run, what they find in their environment, and how far it has
 * read. With a session all of that is in the session's journal, so another process goes on where this one was killed.
 */
export class Agent {
  readonly host: TaskHost;
  readonly root: string;
  readonly session: string | undefined;
  readonly shell: AgentShell;
  readonly captureDirectory: () => string;
  readonly settings: () => WorkspaceSettings;
  readonly #reader: string;
  readonly #store: SessionStore;
  readonly #journal: Journal | undefined;
  readonly #onTask: ((task: TaskSnapshot) => void) | undefined;
  readonly #offsets = new Map<string, number>();

  constructor(options: AgentOptions) {
    const { host, root, reader, session, settings, captureDirectory } = options;
    this.host = host;
    this.settings = settings ?? (() => readWorkspaceSettings(host.workspace));
    this.root = root;
    this.session = session;
    this.captureDirectory = captureDirectory;
    this.#reader = reader;
    this.#onTask = options.onTask;
    this.#store = new SessionStore(host);
    this.#journal = session === undefined ? undefined : new Journal(host, session);
    this.shell = new AgentShell(root, this.#journal === undefined ? undefined : this.#memory());
  }

  /** How far it has read a task's output. */
  cursor(task: TaskSnapshot): number {
    const own = this.#offsets.get(task.cookie);
    if (own !== undefined || this.session === undefined) return own ?? 0;
    return cursorOf(this.#store.fold(this.session).state, task.id, this.#reader);
  }

  /** A journal that cannot be written costs the agent a second look after a restart, not the output it asked for. */
  setCursor(task: TaskSnapshot, offset: number): void {
    if (offset === this.cursor(task)) return;
    this.#offsets.set(task.cookie, offset);
    this.#note('output-read', () => {
      this.#journal?.append({
        type: 'output-read',
        task: task.id,
        reader: this.#reader,
        offset,
      });
    });
  }

  /** The task runs, whatever comes of the note about it. */
  noteTask(task: TaskSnapshot): void {
    const { session } = this;
    this.#note('started', () => this.#onTask?.(task));
    if (session === undefined) return;
    this.#note('task', () => {
      journalTask(this.host, session, task);
    });
  }

  #memory(): RememberedShell {
    const { session } = this;
    return {
      read: () => {
        const state = session === undefined ? undefined : this.#store.fold(session).state;
        return {
          cwd: state?.cwd,
          environment: state?.environment ?? new Map(),
          secretNames: state?.secretNames ?? new Set(),
        };
      },
      writeCwd: (path) => {
        this.#note('cwd', () => this.#journal?.append({ type: 'cwd', path }));
      },
      writeEnvironment: (changed) => {
        this.#note('env', () => this.#journal?.appendEnvironment(changed));
      },
    };
  }

  #note(what: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!HoldfastError.is(error)) throw error;
      this.host.log.warn('session.notNoted', { what, code: error.code, message: error.message });
    }
  }
}
