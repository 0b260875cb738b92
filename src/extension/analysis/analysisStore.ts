import { LRUCache } from 'lru-cache';
import type { Disposable } from '../disposables.ts';
import type { Analysis, Annotation } from './annotation.ts';
import { shiftAnnotations, type TextChange } from './shiftAnnotations.ts';

/** A document as the store sees it; `version` changes with every edit. */
export interface AnalysedDocument {
  readonly key: string;
  readonly version: number;
}

export interface AnalysisStoreDeps<D extends AnalysedDocument> {
  readonly analyse: (document: D) => Promise<Pick<Analysis, 'findings' | 'annotations'>>;
  /** How long a document must be left alone before it is analysed again. */
  readonly idleMs: number;
  readonly maxDocuments: number;
  readonly startTimer: (run: () => void, delayMs: number) => Disposable;
  /** The annotations of a document changed. */
  readonly onChange: (document: D) => void;
  readonly onProblem: (error: unknown) => void;
}

interface Entry {
  readonly annotations: readonly Annotation[];
  /** Of the version and generation it was made for; undefined since the last edit. */
  readonly analysis: Analysis | undefined;
  readonly generation: number;
}

interface Run {
  readonly version: number;
  readonly generation: number;
  readonly result: Promise<Analysis | undefined>;
}

/** The analyses of documents: the last good one stays, moved along with edits, until the next is there. */
export class AnalysisStore<D extends AnalysedDocument> implements Disposable {
  readonly #deps: AnalysisStoreDeps<D>;
  readonly #entries: LRUCache<string, Entry>;
  readonly #timers = new Map<string, Disposable>();
  readonly #runs = new Map<string, Run>();
  #generation = 0;

  constructor(deps: AnalysisStoreDeps<D>) {
    this.#deps = deps;
    this.#entries = new LRUCache({ max: deps.maxDocuments });
  }

  /** What is to be shown now. Never waits; undefined until the first analysis of a document. */
  peek(key: string): readonly Annotation[] | undefined {
    return this.#entries.get(key)?.annotations;
  }

  /** Moves the annotations along and, when `analyse` is set, analyses once the document has been left alone. */
  edit(document: D, changes: readonly TextChange[], analyse: boolean): void {
    const { key } = document;
    this.#stopTimer(key);
    const entry = this.#entries.get(key);
    if (entry) {
      const annotations = shiftAnnotations(entry.annotations, changes);
      this.#entries.set(key, { ...entry, annotations, analysis: undefined });
    }
    if (!analyse) return;
    const run = (): void => {
      this.#timers.delete(key);
      void this.current(document);
    };
    this.#timers.set(key, this.#deps.startTimer(run, this.#deps.idleMs));
  }

  /** The analysis of the present version; undefined when the document changed meanwhile or the analysis failed. */
  current(document: D): Promise<Analysis | undefined> {
    const { key, version } = document;
    const generation = this.#generation;
    const entry = this.#entries.get(key);
    if (entry?.generation === generation && entry.analysis?.version === version) return Promise.resolve(entry.analysis);
    this.#stopTimer(key);
    const running = this.#runs.get(key);
    if (running?.version === version && running.generation === generation) return running.result;
    const run: Run = { version, generation, result: Promise.resolve().then(() => this.#analyse(document, run)) };
    this.#runs.set(key, run);
    return run.result;
  }

  /** Something that every analysis rests on changed. Annotations stay until `current` has new ones. */
  invalidate(): void {
    this.#generation++;
  }

  forget(key: string): void {
    this.#stopTimer(key);
    this.#runs.delete(key);
    this.#entries.delete(key);
  }

  dispose(): void {
    for (const key of [...this.#timers.keys()]) this.#stopTimer(key);
    this.#runs.clear();
    this.#entries.clear();
  }

  async #analyse(document: D, run: Run): Promise<Analysis | undefined> {
    const { key, version } = document;
    try {
      const result = await this.#deps.analyse(document);
      // Edited, forgotten or overtaken while it ran: offsets would be those of another text.
      if (document.version !== version || this.#runs.get(key) !== run || run.generation !== this.#generation)
        return undefined;
      const analysis = { version, ...result };
      this.#entries.set(key, { annotations: result.annotations, analysis, generation: run.generation });
      this.#deps.onChange(document);
      return analysis;
    } catch (error) {
      this.#deps.onProblem(error);
      return undefined;
    } finally {
      if (this.#runs.get(key) === run) this.#runs.delete(key);
    }
  }

  #stopTimer(key: string): void {
    this.#timers.get(key)?.dispose();
    this.#timers.delete(key);
  }
}
