import type { Locator, Page } from 'playwright-core';

export class StatusBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Holdfast's items, or only the one with this id (the part after the extension's). */
  holdfastItems(id?: string): Locator {
    const selector =
      id === undefined ? '[id^="holdfast.holdfast"]' : `[id="holdfast.holdfast.${id}"]`;
    return this.#page.locator(`.statusbar-item${selector}`);
  }

  item(text: string): Locator {
    return this.#page.locator('.statusbar-item').filter({ hasText: text }).first();
  }

  async holdfastTexts(): Promise<string[]> {
    return (await this.holdfastItems().allInnerTexts()).map((text) => text.trim());
  }

  async click(text: string): Promise<void> {
    await this.item(text).locator('a').first().click();
  }
}
