import * as vscode from 'vscode';
import { DisposableStore } from '../../core/common/disposables.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { KeptTerminal, terminalName } from './keptTerminal.ts';

/** The ids of the tasks whose terminals are open in this window, for its next start. */
const OPEN_KEY = 'holdfast.openTerminals';
/** Which of them was in front, if one was. */
const FRONT_KEY = 'holdfast.frontTerminal';

/** The terminals of tasks that this window shows; one for each task. The window disposes it. */
export class KeptTerminals {
  readonly #state: vscode.Memento;
  readonly #shown = new Map<string, vscode.Terminal>();
  readonly #disposables = new DisposableStore();

  constructor(window: HoldfastWindow, state: vscode.Memento) {
    this.#state = state;
    const open = state.get<readonly string[]>(OPEN_KEY, []);
    const front = state.get<string>(FRONT_KEY);
    this.#disposables.add(
      vscode.window.onDidCloseTerminal((terminal) => {
        this.#forget(terminal);
      }),
    );
    this.#disposables.add(
      vscode.window.onDidOpenTerminal((terminal) => {
        const id = taskOf(terminal);
        if (id !== undefined) this.#take(id, terminal);
      }),
    );
    this.#disposables.add(
      vscode.window.onDidChangeActiveTerminal((terminal) => {
        // None is when the window closes, too.
        if (terminal !== undefined) void state.update(FRONT_KEY, taskOf(terminal));
      }),
    );
    this.#disposables.add(
      window.feed.onDidChange(({ changed }) => {
        for (const task of changed) this.#follow(task);
      }),
    );
    void window.feed.loaded.then(() => {
      const isOpen = ({ id }: TaskSnapshot): boolean => open.includes(id);
      this.#reattach(window.feed.tasks.filter(isOpen), front);
    });
  }

  /** Shows the terminal of a task; the one that there is, if there is one. */
  attach(task: TaskSnapshot, { isFocused = true } = {}): vscode.Terminal {
    const shown = this.#usable(task.id);
    const terminal = shown?.terminal ?? vscode.window.createTerminal(terminalOptions(task));
    if (shown === undefined) this.#remember(task.id, terminal);
    else if (task.status === 'running' && (shown.view.isOver || !shown.view.isOf(task))) {
      shown.view.reopen(task);
    }
    if (isFocused) terminal.show();
    return terminal;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** A view of a task goes on with its next run, whoever has restarted it. */
  #follow(task: TaskSnapshot): void {
    // Without a socket it is only starting.
    if (task.status !== 'running' || task.terminal?.socket === undefined) return;
    const shown = this.#usable(task.id);
    if (shown !== undefined && !shown.view.isOf(task)) shown.view.reopen(task);
  }

  /** The terminal of a task with what moves it, unless it is about to close. */
  #usable(id: string): { terminal: vscode.Terminal; view: KeptTerminal } | undefined {
    const terminal = this.#shown.get(id);
    const view = terminal && viewOf(terminal);
    return terminal === undefined || view === undefined || view.hasLeft
      ? undefined
      : { terminal, view };
  }

  /** What was open in this window is open again, and what was in front is seen, without taking the focus. */
  #reattach(tasks: readonly TaskSnapshot[], front: string | undefined): void {
    for (const task of tasks) {
      if (task.status !== 'running' || task.terminal === undefined) continue;
      const terminal = this.attach(task, { isFocused: false });
      if (task.id === front) terminal.show(true);
    }
    this.#save();
    for (const terminal of vscode.window.terminals) {
      if (isDeadView(terminal) && !this.#shown.has(idIn(terminal.creationOptions) ?? ''))
        terminal.dispose();
    }
  }

  #take(id: string, terminal: vscode.Terminal): void {
    // One that was opened by its profile is known to us only now, and the editor leaves its panel as it was.
    if (!this.#shown.has(id)) terminal.show();
    this.#remember(id, terminal);
    // Not before there is another, as the panel closes with its last terminal.
    for (const dead of vscode.window.terminals.filter(isDeadView)) {
      if (idIn(dead.creationOptions) === id) dead.dispose();
    }
  }

  #remember(id: string, terminal: vscode.Terminal): void {
    this.#shown.set(id, terminal);
    this.#save();
  }

  #forget(terminal: vscode.Terminal): void {
    const id = [...this.#shown].find(([, shown]) => shown === terminal)?.[0];
    if (id === undefined) return;
    this.#shown.delete(id);
    // A window that closes takes its terminals with it, and wants them back.
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    this.#save();
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.User) {
      vscode.window.setStatusBarMessage(`$(debug-disconnect) ${id} goes on without a view`, 5000);
    }
  }

  #save(): void {
    void this.#state.update(OPEN_KEY, [...this.#shown.keys()]);
  }
}

export function terminalOptions(task: TaskSnapshot): vscode.ExtensionTerminalOptions {
  return {
    name: terminalName(task),
    pty: new KeptTerminal(task),
    iconPath: new vscode.ThemeIcon('pinned'),
    // The editor would bring back a dead copy of it.
    isTransient: true,
  };
}

function taskOf(terminal: vscode.Terminal): string | undefined {
  return viewOf(terminal) && idIn(terminal.creationOptions);
}

function viewOf({ creationOptions: options }: vscode.Terminal): KeptTerminal | undefined {
  return 'pty' in options && options.pty instanceof KeptTerminal ? options.pty : undefined;
}

/** What an extension host that crashed has left of a view: the editor knows its name, and nothing moves it any more. */
function isDeadView({ creationOptions: options }: vscode.Terminal): boolean {
  return !('pty' in options) && options.shellPath === undefined && idIn(options) !== undefined;
}

function idIn({ name = '' }: vscode.Terminal['creationOptions']): string | undefined {
  return /^(bash_\d+): /.exec(name)?.[1];
}
