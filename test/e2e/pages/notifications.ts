import type { Locator, Page } from 'playwright-core';
import type { CommandPalette } from './commandPalette.ts';

export class Notifications {
  /** Toasts vanish after a while; the centre keeps them. */
  readonly toasts: Locator;
  readonly center: Locator;
  readonly #commandPalette: CommandPalette;

  constructor(page: Page, commandPalette: CommandPalette) {
    this.toasts = page.locator('.notifications-toasts .notification-toast');
    this.center = page.locator('.notifications-center');
    this.#commandPalette = commandPalette;
  }

  toast(text: string): Locator {
    return this.toasts.filter({ hasText: text }).first();
  }

  async messages(): Promise<string[]> {
    const texts = await this.toasts.locator('.notification-list-item-message').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  async clickButton(text: string, button: string): Promise<void> {
    const toast = this.toast(text);
    await toast.locator('.monaco-button').getByText(button, { exact: true }).click();
  }

  /** Opens the centre and gives all messages in it. */
  async messagesInCenter(): Promise<string[]> {
    await this.#commandPalette.run('Notifications: Show Notifications');
    await this.center.waitFor();
    const texts = await this.center.locator('.notification-list-item-message').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  async clearAll(): Promise<void> {
    await this.#commandPalette.run('Notifications: Clear All Notifications');
  }
}
