import type { Locator, Page } from 'playwright-core';
import { windowDeadlineMs } from './editorWindow.ts';
import type { CommandPalette } from './commandPalette.ts';

/** The chat in the side bar. */
export class ChatView {
  readonly #page: Page;
  readonly #commandPalette: CommandPalette;

  constructor(page: Page, commandPalette: CommandPalette) {
    this.#page = page;
    this.#commandPalette = commandPalette;
  }

  /** With `@holdfast` in its input already. */
  async open(): Promise<void> {
    await this.#commandPalette.run('Holdfast: Open Chat');
    await this.#input.filter({ hasText: '@holdfast' }).waitFor({ timeout: windowDeadlineMs });
  }

  /** Types after what is in the input, and sends it. */
  async send(text: string): Promise<void> {
    await this.#input.click();
    await this.#page.keyboard.press('End');
    await this.#page.keyboard.type(text);
    await this.#page.keyboard.press('Escape');
    await this.#page.keyboard.press('Enter');
  }

  /** What is said in the chat, oldest first. */
  async texts(): Promise<string[]> {
    // Code is shown with spaces that do not break.
    return (await this.#rows.allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' '));
  }

  /** A button in an answer, or in a question that the editor asks there. */
  button(label: string): Locator {
    return this.#view.getByRole('button', { name: label }).filter({ visible: true }).first();
  }

  /** A link in an answer or a question. */
  link(label: string): Locator {
    return this.#view.getByText(label, { exact: true }).filter({ visible: true }).first();
  }

  get #view(): Locator {
    return this.#page.locator('.interactive-session').first();
  }

  get #input(): Locator {
    return this.#view.locator('.interactive-input-part .monaco-editor').first();
  }

  get #rows(): Locator {
    return this.#view.locator('.interactive-item-container');
  }
}
