import type { Page } from 'playwright-core';
import type { CommandPalette } from './commandPalette.ts';
import type { QuickInput } from './quickInput.ts';

/** Lines are placed by their style, in no particular order in the page. */
const readLines = `[...document.querySelectorAll('.part.panel .output-view .view-line')]
  .map((line) => ({ top: Number.parseFloat(line.style.top), text: line.textContent ?? '' }))
  .sort((a, b) => a.top - b.top)
  .map((line) => line.text.replaceAll('\\u00a0', ' '))`;

export class OutputPanel {
  readonly #page: Page;
  readonly #commandPalette: CommandPalette;
  readonly #quickInput: QuickInput;

  constructor(page: Page, commandPalette: CommandPalette, quickInput: QuickInput) {
    this.#page = page;
    this.#commandPalette = commandPalette;
    this.#quickInput = quickInput;
  }

  async selectChannel(name: string): Promise<void> {
    await this.#commandPalette.run('Output: Show Output Channels...');
    await this.#quickInput.fill(name);
    await this.#quickInput.choose(name);
    await this.#page.locator('.part.panel .output-view').waitFor();
  }

  /** The lines that are in view; the panel follows the end of the channel. */
  async lines(): Promise<string[]> {
    return this.#page.evaluate<string[]>(readLines);
  }

  async text(): Promise<string> {
    return (await this.lines()).join('\n');
  }
}
