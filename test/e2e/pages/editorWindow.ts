import path from 'node:path';
import type { Page } from 'playwright-core';
import { screenshotsDir } from '../../../scripts/support/paths.mjs';
import { ActivityBar } from './activityBar.ts';
import { ChatView } from './chatView.ts';
import { CommandPalette } from './commandPalette.ts';
import { Dialog } from './dialog.ts';
import { Notifications } from './notifications.ts';
import { OutputPanel } from './outputPanel.ts';
import { QuickInput } from './quickInput.ts';
import { SideBarView } from './sideBarView.ts';
import { StatusBar } from './statusBar.ts';
import { TerminalPanel } from './terminalPanel.ts';

/** On two cores, with another window open, the workbench has been seen to take 15 s. */
export const windowDeadlineMs = 60_000;

/** One VS Code window: a page, and what can be seen and done in it. */
export class EditorWindow {
  readonly page: Page;
  readonly activityBar: ActivityBar;
  readonly chat: ChatView;
  readonly commandPalette: CommandPalette;
  readonly dialog: Dialog;
  readonly notifications: Notifications;
  readonly output: OutputPanel;
  readonly quickInput: QuickInput;
  readonly statusBar: StatusBar;
  readonly terminal: TerminalPanel;

  constructor(page: Page) {
    this.page = page;
    this.activityBar = new ActivityBar(page);
    this.quickInput = new QuickInput(page);
    this.commandPalette = new CommandPalette(page, this.quickInput);
    this.chat = new ChatView(page, this.commandPalette);
    this.dialog = new Dialog(page);
    this.notifications = new Notifications(page, this.commandPalette);
    this.output = new OutputPanel(page, this.commandPalette, this.quickInput);
    this.statusBar = new StatusBar(page);
    this.terminal = new TerminalPanel(page);
  }

  /** A view in the side bar, by the title in its header. */
  view(title: string): SideBarView {
    return new SideBarView(this.page, title);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.waitUntilOpen();
  }

  /** What "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilOpen();
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Drags the border of the side bar, as rows are cut off in a narrow one. */
  async setSideBarWidth(widthPx: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('The side bar is not shown.');
    const middle = box.y + box.height / 3;
    await this.page.mouse.move(box.x + box.width + 1, middle);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + widthPx, middle, { steps: 5 });
    await this.page.mouse.up();
    await this.page.mouse.move(box.x + widthPx + 200, middle);
  }

  /** Saved as test-results/screenshots/NAME.png. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(screenshotsDir, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** The remote indicator says where the window is connected once its server has answered. */
  async waitUntilOpen(): Promise<void> {
    const connected = this.page.locator('.statusbar-item[id="status.host"][aria-label^="remote"]');
    await connected.waitFor({ timeout: windowDeadlineMs });
  }
}
