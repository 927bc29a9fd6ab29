import type { Disposable } from '../../core/common/disposables.ts';

/**
 * The editor waits for 200 ms without a change before it asks a view's rows again; a view that tells each change at
 * once would stand still as long as a task writes. So changes are collected, and told together at this pace.
 */
const REFRESH_EVERY_MS = 500;
/** A row that is drawn again loses its tooltip, which comes after half a second: rows must hold still for longer. */
const REFRESH_ROWS_EVERY_MS = 1500;

/** Collects what has changed in a view. Whoever creates it disposes it. */
export class ViewRefresh implements Disposable {
  readonly #refresh: (what: 'all' | ReadonlySet<string>) => void;
  #changed: 'all' | Set<string> = new Set();
  #lastAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;

  constructor(refresh: (what: 'all' | ReadonlySet<string>) => void) {
    this.#refresh = refresh;
  }

  /** While nobody sees the view, changes wait. */
  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    if (!isPaused) this.#schedule();
  }

  /** The first change after a quiet time is told at once. */
  request(what: 'all' | Iterable<string>): void {
    if (what === 'all') this.#changed = 'all';
    else if (this.#changed !== 'all') for (const id of what) this.#changed.add(id);
    this.#schedule();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#isPaused = true;
  }

  #schedule(): void {
    const hasChanges = this.#changed === 'all' || this.#changed.size > 0;
    if (this.#isPaused || !hasChanges) return;
    clearTimeout(this.#timer);
    const everyMs = this.#changed === 'all' ? REFRESH_EVERY_MS : REFRESH_ROWS_EVERY_MS;
    const waitMs = Math.max(0, this.#lastAtMs + everyMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isPaused) return;
      const changed = this.#changed;
      this.#changed = new Set();
      this.#lastAtMs = performance.now();
      this.#refresh(changed);
    }, waitMs);
  }
}
