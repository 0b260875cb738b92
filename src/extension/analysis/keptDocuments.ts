import { LRUCache } from 'lru-cache';
import type { TrackedDocument } from '../../detect/finding.ts';
import type { Disposable } from '../disposables.ts';

/** What the detector keeps of open documents: of those last looked at, because a tree is many times its text. */
export class KeptDocuments implements Disposable {
  readonly #documents: LRUCache<string, TrackedDocument>;

  /** @param max so many documents are kept; the one not looked at for longest goes first */
  constructor(max: number) {
    this.#documents = new LRUCache({ max, dispose: (document) => document.dispose() });
  }

  /** @param track makes what is kept, where nothing is yet */
  of(key: string, track: () => TrackedDocument): TrackedDocument {
    const known = this.#documents.get(key);
    if (known) return known;
    const document = track();
    this.#documents.set(key, document);
    return document;
  }

  /** Tells of an edit in a document; one that is not kept needs no telling. */
  edit(key: string, changes: Parameters<TrackedDocument['edit']>[0]): void {
    this.#documents.peek(key)?.edit(changes);
  }

  forget(key: string): void {
    this.#documents.delete(key);
  }

  dispose(): void {
    this.#documents.clear();
  }
}
