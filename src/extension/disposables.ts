/** Structurally VS Code's `Disposable`, so that this file loads outside the editor. */
export interface Disposable {
  dispose(): unknown;
}

/** Owns what must be ended together. What is added after the end is ended at once, so that a late `await` leaks nothing. */
export class DisposableStore implements Disposable {
  readonly #onProblem: (error: unknown) => void;
  readonly #items: Disposable[] = [];
  #disposed = false;

  /** @param onProblem told of each item whose `dispose` throws; the others are still disposed */
  constructor(onProblem: (error: unknown) => void) {
    this.#onProblem = onProblem;
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) this.#end(item);
    else this.#items.push(item);
    return item;
  }

  /** Ends all items, last added first. Waits for those that end asynchronously. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const ends = this.#items
      .splice(0)
      .reverse()
      .map((item) => this.#end(item));
    await Promise.all(ends);
  }

  async #end(item: Disposable): Promise<void> {
    try {
      await item.dispose();
    } catch (error) {
      this.#onProblem(error);
    }
  }
}
