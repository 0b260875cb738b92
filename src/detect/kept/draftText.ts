import { differenceOf, type Edit, type TextChange } from './textEdit.ts';

/** Where a place is, as trees want it told. */
export interface Point {
  readonly row: number;
  readonly column: number;
}

/**
 * A text with edits that nobody has put together yet: of a file of some hundred thousand characters, that would cost more
 * than everything else at a keystroke.
 */
export class DraftText {
  #base: string;
  /** What stood from here … */
  #start = 0;
  /** … to here in the base … */
  #oldEnd = 0;
  /** … is this now. */
  #inserted = '';
  /** The start of a line before which nothing was edited since it was counted. */
  #line: { readonly at: number; readonly row: number } = { at: 0, row: 0 };

  constructor(base: string) {
    this.#base = base;
  }

  get length(): number {
    return this.#base.length - this.#oldEnd + this.#start + this.#inserted.length;
  }

  slice(from: number, to: number): string {
    const start = this.#start;
    const end = start + this.#inserted.length;
    const moved = this.#oldEnd - end;
    return (
      this.#base.slice(Math.min(from, start), Math.min(to, start)) +
      this.#inserted.slice(Math.max(0, from - start), Math.max(0, to - start)) +
      this.#base.slice(Math.max(from, end) + moved, Math.max(to, end) + moved)
    );
  }

  /** @returns where the text changes, as a tree wants it told */
  apply({ start, length, text }: TextChange): {
    readonly edit: Edit;
    readonly from: Point;
    readonly to: Point;
    readonly newTo: Point;
  } {
    const from = this.#pointAt(start);
    const to = pointAfter(from, this.slice(start, start + length));
    this.#replace(start, start + length, text);
    const edit = { start, oldEnd: start + length, newEnd: start + text.length };
    return { edit, from, to, newTo: pointAfter(from, text) };
  }

  /** The one change that makes this the text; undefined where it is already. */
  differenceTo(text: string): TextChange | undefined {
    const start = this.#start;
    const behind = text.length - this.#base.length + this.#oldEnd;
    const isSame =
      text.length === this.length &&
      text.slice(start, behind) === this.#inserted &&
      text.slice(0, start) === this.#base.slice(0, start) &&
      text.slice(behind) === this.#base.slice(this.#oldEnd);
    return isSame ? undefined : differenceOf(this.slice(0, this.length), text);
  }

  /** The same text, put together by somebody else. */
  rebase(text: string): void {
    this.#base = text;
    this.#start = 0;
    this.#oldEnd = 0;
    this.#inserted = '';
  }

  #replace(start: number, oldEnd: number, text: string): void {
    const end = this.#start + this.#inserted.length;
    const first = this.#oldEnd === 0 && this.#inserted === '';
    const from = first ? start : Math.min(start, this.#start);
    const to = first ? oldEnd : Math.max(oldEnd, end);
    const inserted = this.slice(from, start) + text + this.slice(oldEnd, to);
    this.#oldEnd = to + (this.#oldEnd - end);
    this.#start = from;
    this.#inserted = inserted;
    if (first) this.#oldEnd = to;
  }

  #pointAt(offset: number): Point {
    if (offset < this.#line.at) this.#line = { at: 0, row: 0 };
    const { at, row } = this.#line;
    const point = pointAfter({ row, column: 0 }, this.slice(at, offset));
    this.#line = { at: offset - point.column, row: point.row };
    return point;
  }
}

/** Where one is after a text when one was at `from` before it. */
function pointAfter({ row, column }: Point, text: string): Point {
  let line = 0;
  let rows = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', line)) {
    line = at + 1;
    rows++;
  }
  return rows === 0 ? { row, column: column + text.length } : { row: row + rows, column: text.length - line };
}
