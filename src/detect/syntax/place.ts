import type { Span } from '../finding.ts';
import type { LanguageTable } from '../language/languageTable.ts';
import type { EndedBy, Step } from './step.ts';
import type { Frame } from './visitOffsets.ts';

/** One node on the way outward, with the node of it that the value comes from. */
export interface Place {
  readonly source: string;
  readonly table: LanguageTable;
  readonly frames: readonly Frame[];
  readonly index: number;
  readonly frame: Frame;
  readonly child: Frame;
  readonly steps: Step[];
  /** What was read outside the nodes on the way; see `readBeside`. */
  readonly beside: Span[];
}

/**
 * Adds the steps of one kind of node; false where the way outward ends. A reader looks at the source of its own node and
 * at nothing outside it, or says so by `readBeside`: what is kept of a source rests on that.
 */
export type Reader = (place: Place) => boolean;

export const spanOf = ({ start, end }: Frame): Span => ({ start, end });

export function end({ steps }: Place, by: EndedBy): false {
  steps.push({ kind: 'end', by });
  return false;
}

export function go({ steps }: Place, step: Step): true {
  steps.push(step);
  return true;
}

export const ends =
  (by: EndedBy): Reader =>
  (place) =>
    end(place, by);

/** Source of the node up to the value: its name, key or target stands there. */
export const before = ({ source, frame, child }: Place): string => source.slice(frame.start, child.start);

/** Source of the node behind the value. */
export const after = ({ source, frame, child }: Place): string => source.slice(child.end, frame.end);

/** Source between the opening bracket and the value. */
export const insideBefore = ({ source, frame, child }: Place): string => source.slice(frame.start + 1, child.start);

/** The reader looked at this stretch outside its own node. */
export function readBeside({ beside }: Place, span: Span): void {
  beside.push(span);
}

export function readElement(place: Place): true {
  return go(place, { kind: 'element', list: spanOf(place.frame), before: insideBefore(place) });
}
