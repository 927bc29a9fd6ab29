import type { Locator, Page } from 'playwright-core';

/** A modal question in the middle of the window. */
export class Dialog {
  readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  async message(): Promise<string> {
    await this.box.waitFor();
    return (await this.box.locator('.dialog-message-container').innerText()).trim();
  }

  async click(button: string): Promise<void> {
    await this.box.locator('.monaco-button').getByText(button, { exact: true }).click();
    await this.box.waitFor({ state: 'hidden' });
  }
}
