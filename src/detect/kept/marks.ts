import type { Span } from '../finding.ts';
import { type Edit, movedSpan } from './textEdit.ts';

/** Something judged in a source, which stays judged until what it was judged by changes. */
export interface Mark {
  /** Where it stands. */
  start: number;
  end: number;
  /** The source that was read to judge it; holds the span itself. */
  from: number;
  to: number;
}

/** Marks of one source, moved along with its edits. At most one begins at an offset. */
export class Marks<M extends Mark> {
  #marks = new Map<number, M>();

  has(start: number): boolean {
    return this.#marks.has(start);
  }

  add(mark: M): void {
    this.#marks.set(mark.start, mark);
  }

  clear(): void {
    this.#marks.clear();
  }

  /** In the order of their start. */
  sorted(): M[] {
    return [...this.#marks.values()].sort((a, b) => a.start - b.start);
  }

  /** Moves what is not touched by the edit. @returns where what was judged by the text it replaced stands now */
  edit(edit: Edit): Span[] {
    const { start, oldEnd, newEnd } = edit;
    const delta = newEnd - oldEnd;
    const moved = new Map<number, M>();
    const dropped: Span[] = [];
    for (const mark of this.#marks.values()) {
      if (mark.from > oldEnd) {
        mark.start += delta;
        mark.end += delta;
        mark.from += delta;
        mark.to += delta;
      } else if (mark.to >= start) {
        dropped.push(movedSpan(mark, edit));
        continue;
      }
      moved.set(mark.start, mark);
    }
    this.#marks = moved;
    return dropped;
  }

  /** Drops what was judged by source in one of the spans. @returns where it stands */
  drop(spans: readonly Span[]): Span[] {
    const dropped: Span[] = [];
    if (spans.length === 0) return dropped;
    for (const mark of this.#marks.values()) {
      if (!spans.some(({ start, end }) => mark.from <= end && mark.to >= start)) continue;
      dropped.push({ start: mark.start, end: mark.end });
      this.#marks.delete(mark.start);
    }
    return dropped;
  }

  /** Drops what the condition is true of. @returns where it stands */
  dropWhere(isDropped: (mark: M) => boolean): Span[] {
    const dropped: Span[] = [];
    for (const mark of this.#marks.values()) {
      if (!isDropped(mark)) continue;
      dropped.push({ start: mark.start, end: mark.end });
      this.#marks.delete(mark.start);
    }
    return dropped;
  }

  /** Drops what stands in one of the spans, whatever it was judged by. @returns where it stands */
  dropWithin(spans: readonly Span[]): Span[] {
    const dropped: Span[] = [];
    for (const mark of this.#marks.values()) {
      if (!spans.some(({ start, end }) => mark.start <= end && mark.end >= start)) continue;
      dropped.push({ start: mark.start, end: mark.end });
      this.#marks.delete(mark.start);
    }
    return dropped;
  }
}
