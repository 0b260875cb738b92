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

const byStart = (a: Mark, b: Mark): number => a.start - b.start;

/** Marks of one source, moved along with its edits. At most one begins at an offset. */
export class Marks<M extends Mark> {
  /** In the order of their start. A list and no map: an edit moves half of them. */
  #marks: M[] = [];
  /** Added since they were last put in order. */
  #added: M[] = [];
  #addedStarts = new Set<number>();

  has(start: number): boolean {
    if (this.#addedStarts.has(start)) return true;
    const marks = this.#marks;
    let low = 0;
    for (let high = marks.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return marks[low]?.start === start;
  }

  /** Where no mark begins yet. */
  add(mark: M): void {
    this.#added.push(mark);
    this.#addedStarts.add(mark.start);
  }

  clear(): void {
    this.#marks = [];
    this.#added = [];
    this.#addedStarts.clear();
  }

  /** In the order of their start. */
  sorted(): readonly M[] {
    if (this.#added.length > 0) {
      // Two lists that are each in order are merged in one pass by V8's sort.
      this.#marks = [...this.#marks, ...this.#added.sort(byStart)].sort(byStart);
      this.#added = [];
      this.#addedStarts.clear();
    }
    return this.#marks;
  }

  /** Moves what is not touched by the edit. @returns where what was judged by the text it replaced stands now */
  edit(edit: Edit): Span[] {
    const { start, oldEnd, newEnd } = edit;
    const delta = newEnd - oldEnd;
    return this.#dropWhere(
      (mark) => {
        if (mark.from <= oldEnd) return mark.to >= start;
        mark.start += delta;
        mark.end += delta;
        mark.from += delta;
        mark.to += delta;
        return false;
      },
      (mark) => movedSpan(mark, edit),
    );
  }

  /** Drops what was judged by source in one of the spans. @returns where it stands */
  drop(spans: readonly Span[]): Span[] {
    if (spans.length === 0) return [];
    return this.dropWhere((mark) => spans.some(({ start, end }) => mark.from <= end && mark.to >= start));
  }

  /** Drops what the condition is true of. @returns where it stands */
  dropWhere(isDropped: (mark: M) => boolean): Span[] {
    return this.#dropWhere(isDropped, ({ start, end }) => ({ start, end }));
  }

  /** Drops what stands in one of the spans, whatever it was judged by. @returns where it stands */
  dropWithin(spans: readonly Span[]): Span[] {
    if (spans.length === 0) return [];
    return this.dropWhere((mark) => spans.some(({ start, end }) => mark.start <= end && mark.end >= start));
  }

  #dropWhere(isDropped: (mark: M) => boolean, spanOf: (mark: M) => Span): Span[] {
    const dropped: Span[] = [];
    const marks = [...this.sorted()];
    let kept = 0;
    for (const mark of marks) {
      if (isDropped(mark)) dropped.push(spanOf(mark));
      else marks[kept++] = mark;
    }
    marks.length = kept;
    this.#marks = marks;
    return dropped;
  }
}
