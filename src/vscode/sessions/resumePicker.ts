import * as vscode from 'vscode';
import { DisposableStore } from '../../core/common/disposables.ts';
import { workspaceOf } from '../../core/store/workspace.ts';
import { foldText } from './foldText.ts';
import type { SessionScope } from './handlers.ts';
import { handOver } from '../../core/sessions/handover.ts';
import { sessionsElsewhere, type WorkspaceSessions } from './otherWorkspaces.ts';
import { foundItems, listItems, type ListView, type PickerItem } from './pickerItems.ts';
import type { TextHit } from './searchText.ts';
import { resumeInWindow } from './takeUp.ts';

const PAGE_ROWS = 100;
const MAX_HITS = 50;
/** A key that is followed by another within this time is not searched for by itself. */
const TYPING_MS = 60;
/** Tells the keybinding that the picker is open. */
const OPEN_CONTEXT = 'holdfast.inSessionPicker';
const PLACEHOLDER = 'Type to search titles and the full text of past sessions';

export interface PickerOptions {
  readonly value?: string;
  readonly title?: string;
}

/** The picker that is open, for the keybinding. */
let openPicker: ResumePicker | undefined;

/** Shows the past sessions and resumes the one that is chosen; resolves when the picker is closed. */
export async function showResumePicker(
  scope: SessionScope,
  options: PickerOptions = {},
): Promise<void> {
  const picker = new ResumePicker(scope, options);
  openPicker = picker;
  try {
    await picker.show();
  } finally {
    if (openPicker === picker) openPicker = undefined;
    picker.dispose();
  }
}

/** Shows or hides the sessions of other workspaces in the picker that is open. */
export function toggleAllWorkspaces(): void {
  openPicker?.toggleAllWorkspaces();
}

class ResumePicker implements vscode.Disposable {
  readonly #scope: SessionScope;
  readonly #picker = vscode.window.createQuickPick<PickerItem>();
  readonly #disposables = new DisposableStore();
  readonly #itemButtons = {
    branch: button('git-branch', 'Branch'),
    rename: button('edit', 'Rename'),
    delete: button('trash', 'Delete'),
  };
  readonly #newButton = button('add', 'New Session');
  #maxRows = PAGE_ROWS;
  #showsAll = false;
  #elsewhere: readonly WorkspaceSessions[] = [];
  #hits: readonly TextHit[] = [];
  #typing: NodeJS.Timeout | undefined;
  #searching: AbortController | undefined;

  constructor(scope: SessionScope, { value = '', title = 'Resume Session' }: PickerOptions) {
    this.#scope = scope;
    const picker = this.#picker;
    picker.title = title;
    picker.placeholder = PLACEHOLDER;
    picker.value = value;
    // The matching line stands in the detail; where the words are in it is marked by the editor.
    picker.matchOnDetail = true;
    picker.keepScrollPosition = true;
    this.#disposables.add(picker);
    this.#disposables.add(scope.sessions.feed.onDidChange(this.#render.bind(this)));
    picker.onDidChangeValue(this.#onTyped.bind(this));
    picker.onDidTriggerButton(async (pressed) => {
      if (pressed !== this.#newButton) {
        this.toggleAllWorkspaces();
        return;
      }
      picker.hide();
      await vscode.commands.executeCommand('holdfast.sessions.new');
    });
    picker.onDidTriggerItemButton(async ({ button: pressed, item }) => {
      await this.#act(pressed, item.target?.id);
    });
  }

  async show(): Promise<void> {
    this.#render();
    this.#showButtons();
    void vscode.commands.executeCommand('setContext', OPEN_CONTEXT, true);
    // It gets ready while nothing has been typed yet; a failure shows when it is asked.
    this.#scope.sessions.openSearch().catch(() => undefined);
    const chosen = await this.#untilChosen();
    if (chosen !== undefined) await this.#take(chosen);
  }

  toggleAllWorkspaces(): void {
    this.#showsAll = !this.#showsAll;
    this.#showButtons();
    void this.#loadElsewhere();
  }

  dispose(): void {
    clearTimeout(this.#typing);
    this.#searching?.abort();
    this.#disposables.dispose();
    void vscode.commands.executeCommand('setContext', OPEN_CONTEXT, false);
  }

  #untilChosen(): Promise<PickerItem | undefined> {
    const picker = this.#picker;
    return new Promise((resolve) => {
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item?.isMore === true) {
          this.#maxRows += PAGE_ROWS;
          this.#render();
          return;
        }
        resolve(item);
        picker.hide();
      });
      picker.onDidHide(() => {
        resolve(undefined);
      });
      picker.show();
      if (picker.value !== '') this.#onTyped();
    });
  }

  async #take({ target }: PickerItem): Promise<void> {
    if (target === undefined) return;
    if (target.isClaude) {
      await vscode.commands.executeCommand('holdfast.claude.resume', target.id);
      return;
    }
    if (target.elsewhere === undefined) {
      resumeInWindow(this.#scope.sessions, target.id);
      return;
    }
    const { home } = this.#scope.window.host.workspace;
    handOver(workspaceOf(home, target.elsewhere), target.id);
    const uri = vscode.Uri.file(target.elsewhere);
    await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
  }

  /** What asks for something takes the place of the picker, which comes back after it. */
  async #act(pressed: vscode.QuickInputButton, id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const { value } = this.#picker;
    const { branch, rename } = this.#itemButtons;
    this.#picker.hide();
    if (pressed === branch) {
      await vscode.commands.executeCommand('holdfast.sessions.branch', id);
      return;
    }
    const command = pressed === rename ? 'rename' : 'delete';
    await vscode.commands.executeCommand(`holdfast.sessions.${command}`, id);
    await showResumePicker(this.#scope, { value });
  }

  #onTyped(): void {
    clearTimeout(this.#typing);
    this.#searching?.abort();
    this.#maxRows = PAGE_ROWS;
    const text = this.#picker.value.trim();
    if (text === '') this.#hits = [];
    // Titles answer at once; the full text follows.
    this.#render();
    if (text === '') {
      this.#picker.busy = false;
      return;
    }
    this.#picker.busy = true;
    this.#typing = setTimeout(() => {
      void this.#search(text);
    }, TYPING_MS);
  }

  async #search(text: string): Promise<void> {
    const { sessions, window } = this.#scope;
    const searching = new AbortController();
    this.#searching = searching;
    const workspace = this.#showsAll ? undefined : window.host.workspace.folder;
    const options = { limit: MAX_HITS, workspace, signal: searching.signal };
    try {
      const search = await sessions.openSearch();
      if (searching.signal.aborted) return;
      let answer = await search.search(text, options);
      this.#hits = answer.hits;
      this.#render();
      // What was said a moment ago is to be found as well.
      await search.refresh();
      searching.signal.throwIfAborted();
      answer = await search.search(text, options);
      if (!isSameHits(answer.hits, this.#hits)) {
        this.#hits = answer.hits;
        this.#render();
      }
    } catch (error) {
      if (searching.signal.aborted) return;
      window.log.warn('sessions.notSearched', { error });
    }
    this.#picker.busy = false;
  }

  #render(): void {
    const picker = this.#picker;
    const activeId = picker.activeItems[0]?.target?.id;
    const words = foldText(picker.value).split(/\s+/).filter(Boolean);
    const view: ListView = {
      sessions: this.#scope.sessions,
      buttons: Object.values(this.#itemButtons),
      maxRows: this.#maxRows,
      elsewhere: this.#elsewhere,
    };
    const bare = words.map((word) => word.replaceAll('"', '')).filter(Boolean);
    picker.items = words.length === 0 ? listItems(view) : foundItems(view, bare, this.#hits);
    // New items lose the place in the list, which the user is reading.
    const same = picker.items.find(({ target }) => target !== undefined && target.id === activeId);
    if (same !== undefined && words.length === 0) picker.activeItems = [same];
  }

  #showButtons(): void {
    const all = this.#showsAll
      ? button('root-folder', 'Only This Workspace (Alt+A)')
      : button('globe', 'All Workspaces (Alt+A)');
    this.#picker.buttons = [this.#newButton, all];
    this.#picker.placeholder = this.#showsAll ? `${PLACEHOLDER}, in all workspaces` : PLACEHOLDER;
  }

  async #loadElsewhere(): Promise<void> {
    this.#picker.busy = true;
    try {
      this.#elsewhere = this.#showsAll ? await sessionsElsewhere(this.#scope.sessions) : [];
    } finally {
      this.#picker.busy = false;
    }
    this.#onTyped();
  }
}

function isSameHits(a: readonly TextHit[], b: readonly TextHit[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function button(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}
