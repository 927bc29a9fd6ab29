import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE, writeFileAtomicSync } from '../../core/common/atomicFile.ts';
import type { Clock } from '../../core/common/clock.ts';
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

/** A request for what a service offers, under way or answered. */
interface Asked {
  readonly baseUrl: string;
  readonly key: string | undefined;
  /** Undefined when it did not answer. */
  readonly models: Promise<readonly EndpointModel[] | undefined>;
  failedAtMs: number | undefined;
}

export interface ModelListOptions {
  /** Of the extension in the editor's own storage; the editor leaves it to us to make it. */
  readonly directory: string;
  readonly keys: Pick<ModelKeys, 'get'>;
  readonly log: Log;
  readonly clock: Clock;
  /** Called when the service offers other models than were given. */
  readonly onDidChange: () => void;
}

/** A service that did not answer is left alone for so long: the editor asks for the models again and again. */
const ASK_AGAIN_MS = 60_000;

/** Knows which models there are: at once those that the service offered last. It is asked once in the life of a window. */
export class ModelList {
  readonly #options: ModelListOptions;
  readonly #file: string;
  #asked: Asked | undefined;
  #latest: Remembered | undefined;

  constructor(options: ModelListOptions) {
    this.#options = options;
    this.#file = path.join(options.directory, 'models.json');
  }

  /** Models that can be used now: none as long as there is no key for a service that wants one. */
  async list({ baseUrl, names }: ModelSettings): Promise<readonly EndpointModel[]> {
    const key = await this.#options.keys.get(baseUrl);
    if (key === undefined && baseUrl === ANTHROPIC_URL) return [];
    const { namedModel } = await loadEndpointCode();
    const offered = await this.#offered(baseUrl, key);
    if (names.length === 0) return offered;
    return names.map((name) => offered.find(({ id }) => id === name) ?? namedModel(name));
  }

  /** Asks the service again. @throws what `describeFailure` of the endpoint understands. */
  async refresh(baseUrl: string, key: string | undefined): Promise<readonly EndpointModel[]> {
    const { openEndpoint } = await loadEndpointCode();
    const models = await openEndpoint({ baseUrl, apiKey: key, maxRetries: 1 }).listModels();
    this.#asked = { baseUrl, key, models: Promise.resolve(models), failedAtMs: undefined };
    this.#remember({ baseUrl, models });
    return models;
  }

  /** A service that lists nothing, or does not answer, has those models that the user has named. */
  async #offered(baseUrl: string, key: string | undefined): Promise<readonly EndpointModel[]> {
    const remembered = this.#remembered(baseUrl);
    const isNews = this.#isToBeAsked(baseUrl, key);
    const asking = isNews ? this.#ask(baseUrl, key) : this.#asked?.models;
    if (remembered === undefined) return (await asking) ?? [];
    if (isNews) void this.#tellIfOther(remembered, asking);
    return remembered;
  }

  #isToBeAsked(baseUrl: string, key: string | undefined): boolean {
    const asked = this.#asked;
    if (asked?.baseUrl !== baseUrl || asked.key !== key) return true;
    const { failedAtMs } = asked;
    return failedAtMs !== undefined && this.#options.clock.now() - failedAtMs >= ASK_AGAIN_MS;
  }

  #ask(baseUrl: string, key: string | undefined): Asked['models'] {
    const { clock, log } = this.#options;
    const models = this.refresh(baseUrl, key).catch(async (error: unknown) => {
      asked.failedAtMs = clock.now();
      const { describeFailure } = await loadEndpointCode();
      log.info('models.notListed', { kind: describeFailure(error).kind });
      return undefined;
    });
    const asked: Asked = { baseUrl, key, models, failedAtMs: undefined };
    this.#asked = asked;
    return models;
  }

  async #tellIfOther(
    given: readonly EndpointModel[],
    asking: Asked['models'] | undefined,
  ): Promise<void> {
    const models = await asking;
    if (models === undefined || JSON.stringify(models) === JSON.stringify(given)) return;
    this.#options.onDidChange();
  }

  #remember(latest: Remembered): void {
    this.#latest = latest;
    try {
      mkdirSync(this.#options.directory, { recursive: true });
      writeFileAtomicSync(this.#file, JSON.stringify(latest), { mode: PRIVATE_FILE_MODE });
    } catch (error) {
      this.#options.log.debug('models.notRemembered', { error });
    }
  }

  #remembered(baseUrl: string): readonly EndpointModel[] | undefined {
    const stored = this.#latest ?? this.#stored();
    return stored?.baseUrl === baseUrl && Array.isArray(stored.models) ? stored.models : undefined;
  }

  #stored(): Partial<Remembered> | undefined {
    try {
      const stored = JSON.parse(readFileSync(this.#file, 'utf8')) as Partial<Remembered> | null;
      return stored ?? undefined;
    } catch {
      return undefined;
    }
  }
}
