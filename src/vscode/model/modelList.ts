import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomicSync } from '../../core/common/atomicFile.ts';
import type { Log } from '../../core/common/log.ts';
import type { EndpointModel } from '../../model/types.ts';
import { loadEndpointCode } from './endpoint.ts';
import type { ModelKeys } from './modelKeys.ts';
import { ANTHROPIC_URL, type ModelSettings } from './modelSettings.ts';

/** What a service offered when it was last asked. */
interface Remembered {
  readonly baseUrl: string;
  readonly models: readonly EndpointModel[];
}

const DIRECTORY_MODE = 0o600;

/** Knows which models there are; asks the service once in the life of a window, and remembers the answer for the next. */
export class ModelList {
  readonly #file: string;
  readonly #keys: ModelKeys;
  readonly #log: Log;
  #asked:
    { readonly baseUrl: string; readonly models: Promise<readonly EndpointModel[]> } | undefined;

  /** @param directory of the extension in the editor's own storage. */
  constructor(directory: string, keys: ModelKeys, log: Log) {
    this.#file = path.join(directory, 'models.json');
    this.#keys = keys;
    this.#log = log;
  }

  /** Models that can be used now: none as long as there is no key for a service that wants one. */
  async list({ baseUrl, names }: ModelSettings): Promise<readonly EndpointModel[]> {
    const key = await this.#keys.get(baseUrl);
    if (key === undefined && baseUrl === ANTHROPIC_URL) return [];
    const { namedModel } = await loadEndpointCode();
    const offered = this.#remembered(baseUrl) ?? (await this.#ask(baseUrl, key));
    if (names.length === 0) return offered;
    return names.map((name) => offered.find(({ id }) => id === name) ?? namedModel(name));
  }

  /** Asks the service again. @throws what `describeFailure` of the endpoint understands. */
  async refresh(baseUrl: string, key: string | undefined): Promise<readonly EndpointModel[]> {
    const { openEndpoint } = await loadEndpointCode();
    const models = await openEndpoint({ baseUrl, apiKey: key, maxRetries: 1 }).listModels();
    const remembered: Remembered = { baseUrl, models };
    this.#asked = { baseUrl, models: Promise.resolve(models) };
    try {
      writeFileAtomicSync(this.#file, JSON.stringify(remembered), { mode: DIRECTORY_MODE });
    } catch (error) {
      this.#log.debug('models.notRemembered', { error });
    }
    return models;
  }

  /** A service that lists nothing, or does not answer, has those models that the user has named. */
  #ask(baseUrl: string, key: string | undefined): Promise<readonly EndpointModel[]> {
    if (this.#asked?.baseUrl !== baseUrl) {
      const models = this.refresh(baseUrl, key).catch(async (error: unknown) => {
        const { describeFailure } = await loadEndpointCode();
        const { kind } = describeFailure(error);
        this.#log.info('models.notListed', { kind });
        return [];
      });
      this.#asked = { baseUrl, models };
    }
    return this.#asked.models;
  }

  #remembered(baseUrl: string): readonly EndpointModel[] | undefined {
    try {
      const stored = JSON.parse(readFileSync(this.#file, 'utf8')) as Partial<Remembered> | null;
      return stored?.baseUrl === baseUrl && Array.isArray(stored.models)
        ? stored.models
        : undefined;
    } catch {
      return undefined;
    }
  }
}
