import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';

/** The icons at the edge of the window that switch the side bar. */
export class ActivityBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  item(title: string): Locator {
    return this.#page.locator('.activitybar .action-item').filter({
      has: this.#page.locator(`.action-label[aria-label^="${title}"]`),
    });
  }

  /**
   * Shows a view container. A second click hides it again, and after a reload the side bar comes back by itself at any
   * moment, so what counts is what the side bar says in the end.
   */
  async open(title: string): Promise<void> {
    const shown = this.#page.locator('.part.sidebar .composite.title h2').filter({
      hasText: new RegExp(`^\\s*${title}`, 'i'),
    });
    await waitFor(
      async () => {
        if (!(await shown.isVisible())) await this.item(title).click();
        return shown.waitFor({ timeout: 3000 }).then(() => true);
      },
      { deadlineMs: 30_000, describe: `${title} in the side bar` },
    );
  }

  async badge(title: string): Promise<string> {
    return (await this.item(title).locator('.badge-content').innerText()).trim();
  }
}
