import { areTooDeep, isNestedTooDeep, type Nesting, readNesting } from '../nestedTooDeep.ts';
import type { Edit } from './textEdit.ts';

/** A stretch of whole lines; what was edited has to be read again. */
interface Stretch {
  readonly length: number;
  readonly nesting: Nesting | undefined;
}

const shortest = 2_000;

/** How deep brackets stand in each other in a text, read again after an edit only where the text is another. */
export class KeptNesting {
  #stretches: readonly Stretch[] = [];

  edit({ start, oldEnd, newEnd }: Edit): void {
    const before: Stretch[] = [];
    const after: Stretch[] = [];
    let edited = newEnd - oldEnd;
    let at = 0;
    for (const stretch of this.#stretches) {
      const end = at + stretch.length;
      // Also where the edit only touches it: a backslash may continue its last line now.
      if (end < start) before.push(stretch);
      else if (at > oldEnd) after.push(stretch);
      else edited += stretch.length;
      at = end;
    }
    if (at > 0) this.#stretches = [...before, { length: edited, nesting: undefined }, ...after];
  }

  clear(): void {
    this.#stretches = [];
  }

  /** Of the text as it is after the edits told of. */
  isTooDeep(text: string): boolean {
    const all = this.#stretches.length > 0 ? this.#stretches : [{ length: text.length, nesting: undefined }];
    const read: (Stretch & { readonly nesting: Nesting })[] = [];
    let at = 0;
    let end = 0;
    for (const { length, nesting } of all) {
      const isWhole = at === end;
      end += length;
      if (nesting && isWhole) {
        read.push({ length, nesting });
        at = end;
      }
      // Where lines are joined, it goes on into the next.
      while (at < end) {
        const to = stretchEnd(text, at);
        read.push({ length: to - at, nesting: readNesting(text, at, to) });
        at = to;
      }
    }
    this.#stretches = read;
    return at === text.length ? areTooDeep(read.map(({ nesting }) => nesting)) : isNestedTooDeep(text);
  }
}

/** The end of a line, where no quote goes on. */
function stretchEnd(text: string, start: number): number {
  for (let at = text.indexOf('\n', start + shortest); at >= 0; at = text.indexOf('\n', at + 1))
    if (text.charAt(at - 1) !== '\\') return at + 1;
  return text.length;
}
