import type * as vscode from 'vscode';

/**
 * The keys of services, in the editor's secret storage. Each belongs to one origin and is sent nowhere else, whatever the
 * setting with the address is changed to.
 */
export class ModelKeys {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(baseUrl: string): Promise<string | undefined> {
    return (await this.#secrets.get(nameOf(baseUrl))) || undefined;
  }

  /** An empty key is none. */
  async set(baseUrl: string, key: string): Promise<void> {
    if (key === '') await this.#secrets.delete(nameOf(baseUrl));
    else await this.#secrets.store(nameOf(baseUrl), key);
  }

  /** Whether a change of the secret storage is one of these keys. */
  isKey(name: string): boolean {
    return name.startsWith(PREFIX);
  }
}

const PREFIX = 'holdfast.model.key ';

function nameOf(baseUrl: string): string {
  return PREFIX + new URL(baseUrl).origin;
}
