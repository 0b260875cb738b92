import type { Advice } from '../../advice/advice.ts';

/** The advice on one version of a document. */
interface Given {
  readonly version: number;
  readonly advice: readonly Advice[];
  /** False once something that it rests on changed: it is to be given anew. */
  readonly holds: boolean;
}

/** What was last said about each open document, so that a fix finds its edits again. */
export class AdviceStore {
  readonly #given = new Map<string, Given>();

  set(key: string, version: number, advice: readonly Advice[]): void {
    this.#given.set(key, { version, advice, holds: true });
  }

  forget(key: string): void {
    this.#given.delete(key);
  }

  /** Nothing holds any longer. Its edits still fit the text, so that what is on screen keeps its fixes until it is replaced. */
  expire(): void {
    for (const [key, given] of this.#given) this.#given.set(key, { ...given, holds: false });
  }

  /** True where there is advice on this very version that holds. */
  has(key: string, version: number): boolean {
    const given = this.#given.get(key);
    return given?.version === version && given.holds;
  }

  /** The advice of a rule at a place; undefined where the document has changed since. */
  find(key: string, version: number, rule: string, start: number): Advice | undefined {
    const given = this.#given.get(key);
    if (given?.version !== version) return undefined;
    return given.advice.find((each) => each.rule === rule && each.span.start === start);
  }
}
