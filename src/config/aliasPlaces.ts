import type { Node } from 'jsonc-parser';
import type { Place } from './errors.ts';
import { parseJsonText } from './jsonTree.ts';

/** Where a text of `tollgate.jsonc` names an alias. */
export interface AliasPlace {
  readonly alias: string;
  /** The key under `aliases`, or a tier or route that names it. */
  readonly kind: 'declaration' | 'use';
  /** Without the quotes. */
  readonly span: Place;
}

function member(object: Node | undefined, key: string): Node | undefined {
  if (object?.type !== 'object') return undefined;
  return object.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1];
}

function items(list: Node | undefined): readonly Node[] {
  return list?.type === 'array' ? (list.children ?? []) : [];
}

function placeOf(node: Node | undefined, kind: AliasPlace['kind']): AliasPlace[] {
  const alias: unknown = node?.value;
  if (node?.type !== 'string' || typeof alias !== 'string') return [];
  return [{ alias, kind, span: { start: node.offset + 1, end: node.offset + node.length - 1 } }];
}

/** Every place that names an alias, as they stand; of a text that is no JSON, those that can still be read. */
export function aliasPlaces(text: string): AliasPlace[] {
  const { root } = parseJsonText(text);
  const declared = member(root, 'aliases');
  const keys = declared?.type === 'object' ? (declared.children ?? []).map(({ children }) => children?.[0]) : [];
  const routes = items(member(root, 'routes'));
  const uses = [
    ...items(member(root, 'tiers')),
    ...routes.map((route) => member(route, 'use')),
    ...routes.map((route) => member(member(route, 'escalate'), 'to')),
    member(member(member(root, 'router'), 'classifier'), 'use'),
  ];
  return [
    ...keys.flatMap((key) => placeOf(key, 'declaration')),
    ...uses.flatMap((use) => placeOf(use, 'use')),
  ].toSorted((a, b) => a.span.start - b.span.start);
}
