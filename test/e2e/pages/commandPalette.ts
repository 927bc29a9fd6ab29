import type { Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';
import type { QuickInput } from './quickInput.ts';

export class CommandPalette {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  async #open(text: string): Promise<void> {
    await waitFor(
      async () => {
        // A key pressed while something else has the focus, or is closing, is lost.
        await this.#page.keyboard.press('F1');
        await this.#quickInput.input.waitFor({ state: 'visible', timeout: 2000 });
        return true;
      },
      { deadlineMs: 15_000, describe: 'the command palette' },
    );
    await this.#quickInput.fill(`>${text}`);
  }

  /** Runs a command by its whole title, such as "Holdfast: Run Task in Background". */
  async run(title: string): Promise<void> {
    await this.#open(title);
    await this.#quickInput.choose(title);
  }

  /** Titles of the commands that match, of those the palette shows without scrolling. */
  async find(text: string): Promise<string[]> {
    await this.#open(text);
    await this.#quickInput.rows.first().waitFor();
    const labels = await this.#quickInput.labels();
    await this.#quickInput.cancel();
    return labels;
  }
}
