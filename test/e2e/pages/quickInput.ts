import type { Locator, Page } from 'playwright-core';

/** The box at the top of a window: quick picks and input boxes. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;
  readonly rows: Locator;

  constructor(page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input');
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
  }

  async waitUntilOpen(): Promise<void> {
    await this.widget.waitFor({ state: 'visible' });
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** A row by its label, without icon, description and detail. */
  row(label: string): Locator {
    return this.rows.filter({
      has: this.widget.page().locator('.label-name').getByText(label, { exact: true }),
    });
  }

  /** Labels of the rows that are in view. */
  async labels(): Promise<string[]> {
    await this.waitUntilOpen();
    return this.rows.locator('.quick-input-list-row:first-child .label-name').allInnerTexts();
  }

  /** Everything the box says: title, placeholder, prompt or validation message. */
  async describe(): Promise<{ title: string; placeholder: string; message: string }> {
    await this.waitUntilOpen();
    const placeholder = await this.input.getAttribute('placeholder');
    return {
      title: await this.widget.locator('.quick-input-title').innerText(),
      placeholder: placeholder ?? '',
      message: await this.widget.locator('.quick-input-message').innerText(),
    };
  }

  async fill(text: string): Promise<void> {
    await this.waitUntilOpen();
    await this.input.fill(text);
  }

  /** Types an answer and accepts it. */
  async answer(text: string): Promise<void> {
    await this.fill(text);
    await this.input.press('Enter');
  }

  async choose(label: string): Promise<void> {
    await this.waitUntilOpen();
    await this.row(label).first().click();
  }

  /** The small buttons at the end of a row. */
  async clickRowButton(label: string, button: string): Promise<void> {
    const row = this.row(label).first();
    await row.hover();
    await row.locator(`.action-label[aria-label="${button}"]`).click();
  }

  async cancel(): Promise<void> {
    await this.input.press('Escape');
    await this.waitUntilClosed();
  }
}
