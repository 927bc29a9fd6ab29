import { userEnvironment } from '../../tasks/environment.ts';

/** What an agent's commands have left behind for the next ones, as a session remembers it. */
export interface RememberedShell {
  read(): {
    readonly cwd: string | undefined;
    /** null: taken away. */
    readonly environment: ReadonlyMap<string, string | null>;
    /** Changed as well, but their values are on no disk. */
    readonly secretNames: ReadonlySet<string>;
  };
  writeCwd(path: string): void;
  writeEnvironment(changed: Readonly<Record<string, string | undefined>>): void;
}

/** How a shell stood when its command had ended. */
export interface ShellState {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the next command starts with. */
export interface ShellStart extends ShellState {
  /** Exported by an earlier command, but the process that knew their values is gone. */
  readonly forgottenSecrets: readonly string[];
}

/** Variables that each shell sets for itself, and the marks of one task. */
const OWN_TO_A_SHELL = /^(_|PWD|OLDPWD|SHLVL|HOLDFAST_TASK|HOLDFAST_TASK_ID|__holdfast_.*)$/;

/** The working directory and the exported variables that carry over from one command of an agent to the next. */
export class AgentShell {
  readonly #root: string;
  readonly #memory: RememberedShell | undefined;
  #cwd: string | undefined;
  /** Everything that commands have changed; null for a variable that was taken away. */
  readonly #changes = new Map<string, string | null>();

  constructor(root: string, memory?: RememberedShell) {
    this.#root = root;
    this.#memory = memory;
  }

  /** @param base the environment without anything that commands have changed. */
  start(base: NodeJS.ProcessEnv): ShellStart {
    const remembered = this.#memory?.read();
    // Another process of the same session may have gone on meanwhile; values of secrets are only here.
    const changes = new Map([...this.#changes, ...(remembered?.environment ?? [])]);
    const environment = userEnvironment(base);
    for (const [name, value] of changes) {
      if (value === null) Reflect.deleteProperty(environment, name);
      else environment[name] = value;
    }
    const forgottenSecrets = [...(remembered?.secretNames ?? [])].filter(
      (name) => environment[name] === undefined,
    );
    return { cwd: this.cwd, environment, forgottenSecrets };
  }

  get cwd(): string {
    return (this.#memory === undefined ? this.#cwd : this.#memory.read().cwd) ?? this.#root;
  }

  /** Takes over what a command has changed, and nothing else: others may have run at the same time. */
  finish(before: ShellState, after: ShellState): void {
    if (after.cwd !== before.cwd) this.moveTo(after.cwd);
    const changed: Record<string, string | undefined> = {};
    const names = new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]);
    for (const name of names) {
      const value = after.environment[name];
      if (OWN_TO_A_SHELL.test(name) || value === before.environment[name]) continue;
      changed[name] = value;
      this.#changes.set(name, value ?? null);
    }
    if (Object.keys(changed).length > 0) this.#memory?.writeEnvironment(changed);
  }

  moveTo(cwd: string): void {
    this.#cwd = cwd;
    this.#memory?.writeCwd(cwd);
  }
}
