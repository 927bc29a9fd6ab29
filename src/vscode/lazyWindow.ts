import type * as vscode from 'vscode';
import type { Disposable } from '../core/common/disposables.ts';
import type { Log } from '../core/common/log.ts';
import type { OpenedWindow } from './commands/commandScope.ts';
import { openHoldfastWindow } from './openWindow.ts';
import type { Settings } from './settings.ts';
import { showEmptyView, showWindow } from './showWindow.ts';

/** The window's tasks, opened once, when they are first asked for. `extension.ts` disposes it. */
export class LazyWindow implements Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: Log;
  readonly #readSettings: () => Settings;
  #opened: OpenedWindow | undefined;
  /** There as long as opening has been tried and has failed. */
  #emptyView: Disposable | undefined;

  constructor(context: vscode.ExtensionContext, log: Log, readSettings: () => Settings) {
    this.#context = context;
    this.#log = log;
    this.#readSettings = readSettings;
  }

  /**
   * Opens the tasks unless they are; one that failed is tried again, as what was in the way may be gone.
   * @throws HoldfastError as {@link openHoldfastWindow}.
   */
  open(): OpenedWindow {
    return (this.#opened ??= this.#openNow());
  }

  dispose(): void {
    this.#emptyView?.dispose();
    this.#opened?.disposables.dispose();
  }

  #openNow(): OpenedWindow {
    this.#emptyView?.dispose();
    this.#emptyView = undefined;
    let window: ReturnType<typeof openHoldfastWindow> | undefined;
    try {
      window = openHoldfastWindow(this.#context, this.#log, this.#readSettings());
      return showWindow(this.#context, window, this.#readSettings);
    } catch (error) {
      window?.disposables.dispose();
      this.#emptyView = showEmptyView();
      throw error;
    }
  }
}
