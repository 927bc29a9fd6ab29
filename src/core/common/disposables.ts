/** Something to let go of; the same shape as the editor's own, so that either side can hold the other's. */
export interface Disposable {
  dispose(): void;
}

/** Owns what one lifetime (a window, a view, a task) must let go of. What is added after disposal goes at once. */
export class DisposableStore implements Disposable {
  #items: Set<Disposable> | undefined = new Set();

  add<T extends Disposable>(item: T): T {
    if (this.#items === undefined) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** Disposes in the reverse order of adding; later calls do nothing. */
  dispose(): void {
    const items = this.#items;
    this.#items = undefined;
    for (const item of [...(items ?? [])].reverse()) item.dispose();
  }
}
