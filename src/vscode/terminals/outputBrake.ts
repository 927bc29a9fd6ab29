import type { Disposable } from '../../core/common/disposables.ts';

/** The editor takes all it is given and draws it when it can; its memory is where the rest waits. */
const MAX_BYTES = 1024 * 1024;
const INTERVAL_MS = 100;

/** Stops reading from a connection that gives more than the editor can draw; the keeper then sends a fresh screen. */
export class OutputBrake implements Disposable {
  readonly #source: { pause(): void; resume(): void };
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: { pause(): void; resume(): void }) {
    this.#source = source;
  }

  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > MAX_BYTES) this.#source.pause();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#bytes > MAX_BYTES) this.#source.resume();
      this.#bytes = 0;
    }, INTERVAL_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
