import type { Advice } from '../../advice/advice.ts';

/** The advice on one version of a document. */
interface Given {
  readonly version: number;
  readonly advice: readonly Advice[];
}

/** What was last said about each open document, so that a fix finds its edits again. */
export class AdviceStore {
  readonly #given = new Map<string, Given>();

  set(key: string, version: number, advice: readonly Advice[]): void {
    this.#given.set(key, { version, advice });
  }

  forget(key: string): void {
    this.#given.delete(key);
  }

  clear(): void {
    this.#given.clear();
  }

  /** True where there is advice on this very version. */
  has(key: string, version: number): boolean {
    return this.#given.get(key)?.version === version;
  }

  /** The advice of a rule at a place; undefined where the document has changed since. */
  find(key: string, version: number, rule: string, start: number): Advice | undefined {
    const given = this.#given.get(key);
    if (given?.version !== version) return undefined;
    return given.advice.find((each) => each.rule === rule && each.span.start === start);
  }
}
