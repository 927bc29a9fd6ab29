import type { Locator, Page } from 'playwright-core';

/** One view (a tree) in the side bar. Only rows scrolled into view exist in the page. */
export class SideBarView {
  readonly pane: Locator;
  readonly rows: Locator;
  readonly #header: Locator;

  constructor(page: Page, title: string) {
    this.pane = page.locator('.part.sidebar .pane').filter({
      has: page.locator(`.pane-header[aria-label^="${title}"]`),
    });
    this.rows = this.pane.locator('.pane-body .monaco-list-row');
    this.#header = this.pane.locator('.pane-header');
  }

  async waitUntilVisible(): Promise<void> {
    await this.pane.waitFor();
  }

  async expand(): Promise<void> {
    await this.waitUntilVisible();
    if ((await this.#header.getAttribute('aria-expanded')) === 'false') await this.#header.click();
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Label and description of each row, as a person reads it. */
  async rowTexts(): Promise<string[]> {
    const texts = await this.rows.allInnerTexts();
    return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  /** What a screen reader says of a row: a tree item's state is often only in its icon. */
  async rowAriaLabel(text: string): Promise<string> {
    return (await this.row(text).getAttribute('aria-label')) ?? '';
  }

  /** What the view says while it has no rows. */
  async welcomeText(): Promise<string> {
    return (await this.pane.locator('.welcome-view-content').innerText()).trim();
  }

  /** A button in the row, seen when the mouse is over it. */
  async clickInlineAction(rowText: string, action: string): Promise<void> {
    await this.row(rowText).hover();
    await this.row(rowText).locator(`.action-label[aria-label^="${action}"]`).click();
  }

  async clickTitleAction(action: string): Promise<void> {
    await this.pane.hover();
    await this.#header.locator(`.action-label[aria-label^="${action}"]`).click();
  }

  async chooseFromContextMenu(rowText: string, item: string): Promise<void> {
    await this.row(rowText).click({ button: 'right' });
    const page = this.pane.page();
    const entry = page.locator('.monaco-menu .action-label').getByText(item, { exact: true });
    // For a moment a menu ignores clicks, lest the release of the right button choose something.
    await entry.hover();
    await page.keyboard.press('Enter');
    await entry.waitFor({ state: 'hidden' });
  }
}
