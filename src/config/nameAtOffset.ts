import { getLocation } from 'jsonc-parser';
import type { Place } from './errors.ts';

/** A value of `tollgate.jsonc` that names something, under the cursor. */
export interface NameAtOffset {
  /** An alias's name, or a `provider/model`. */
  readonly kind: 'alias' | 'target';
  /** What is written so far; empty where nothing is. */
  readonly written: string;
  /** The value with its quotes; of length zero where there is none yet. */
  readonly span: Place;
}

const namePaths: readonly (readonly [kind: NameAtOffset['kind'], path: readonly string[]])[] = [
  ['target', ['aliases', '*', 'targets', '*']],
  ['alias', ['tiers', '*']],
  ['alias', ['routes', '*', 'use']],
  ['alias', ['router', 'classifier', 'use']],
  ['alias', ['routes', '*', 'escalate', 'to']],
];

/** What kind of name stands, or would stand, at an offset; undefined where it is neither an alias nor a target. */
export function nameAtOffset(text: string, offset: number): NameAtOffset | undefined {
  const location = getLocation(text, offset);
  if (location.isAtPropertyKey) return undefined;
  const kind = namePaths.find(
    ([, path]) =>
      path.length === location.path.length && path.every((part, at) => part === '*' || part === location.path[at]),
  )?.[0];
  if (kind === undefined) return undefined;
  const node = location.previousNode;
  const end = node ? node.offset + node.length : 0;
  const value: unknown = node?.value;
  if (node?.type !== 'string' || typeof value !== 'string' || offset < node.offset || offset > end)
    return { kind, written: '', span: { start: offset, end: offset } };
  return { kind, written: value, span: { start: node.offset, end } };
}
