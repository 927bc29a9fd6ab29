import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';

/** What {@link TerminalPanel} needs of the settings: rows as elements, and the list of terminals at all times. */
export const readableTerminals = {
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.tabs.hideCondition': 'never',
};

const readRows = `[...document.querySelectorAll('.terminal-wrapper.active .xterm-rows > div')]
  .map((row) => (row.textContent ?? '').replaceAll('\\u00a0', ' ').trimEnd())`;

/** The terminals in the panel. Read with the settings {@link readableTerminals}. */
export class TerminalPanel {
  readonly #page: Page;
  readonly #tabs: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#tabs = page.locator('.terminal-tabs-entry:visible');
  }

  /** The names in the list of terminals. */
  async names(): Promise<string[]> {
    const texts = await this.#tabs.allInnerTexts();
    return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  /**
   * Waits for a terminal with this text, and brings it to the front, also when the editor, whose panel is open, puts a
   * new terminal of its own in front meanwhile.
   */
  async select(name: string, pattern: RegExp): Promise<void> {
    const tab = this.#tabs.filter({ hasText: name }).first();
    const isInFront = async (): Promise<boolean> => pattern.test((await this.rows()).join('\n'));
    await waitFor(
      async () => {
        if (await isInFront()) return true;
        await tab.click();
        return isInFront();
      },
      // Quick clicks would make a double one.
      {
        deadlineMs: 30_000,
        intervalMs: 1000,
        describe: `a terminal ${name} with ${String(pattern)}`,
      },
    );
  }

  /** Waits for a terminal with this name to be the one that is shown. */
  async untilInFront(name: string): Promise<void> {
    const selected = this.#page.locator('.tabs-list .monaco-list-row.selected:visible');
    await selected.filter({ hasText: name }).waitFor();
  }

  /**
   * Opens a terminal with one of the profiles in the menu beside the button for a new terminal. The editor makes its
   * list of them before it knows those of extensions, and makes it anew when somebody has looked at it; and a menu closes
   * when anything else gets the focus. So one looks again, as a user does.
   */
  async openWithProfile(name: string): Promise<void> {
    const entry = this.#page.getByRole('menuitem', { name });
    await waitFor(
      async () => {
        await this.#page.getByRole('button', { name: 'Launch Profile...' }).click();
        const isChosen = await entry.click({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
        if (!isChosen) await this.#page.keyboard.press('Escape');
        return isChosen;
      },
      { deadlineMs: 60_000, describe: `a profile ${name} in the menu` },
    );
  }

  /** The rows of the terminal in front, without trailing blanks. */
  async rows(): Promise<string[]> {
    return this.#page.evaluate<string[]>(readRows);
  }

  async untilText(pattern: RegExp): Promise<string> {
    let text = '';
    await waitFor(
      async () => {
        text = (await this.rows()).join('\n');
        return pattern.test(text);
      },
      { deadlineMs: 30_000, describe: () => `a terminal like ${String(pattern)}, not\n${text}` },
    );
    return text;
  }

  /** Until the terminal in front is gone, and another in its place. */
  async untilReplacedAfter(change: () => Promise<void>): Promise<void> {
    const active = this.#page.locator('.terminal-wrapper.active');
    const before = await active.elementHandle();
    await change();
    await before.waitForElementState('hidden');
    await active.waitFor();
  }

  /** Types into the terminal in front. */
  async type(text: string): Promise<void> {
    await this.#page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await this.#page.keyboard.type(text);
  }
}
