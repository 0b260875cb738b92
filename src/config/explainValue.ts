import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import type { Place } from './errors.ts';
import { type Path, placeAt } from './jsonTree.ts';
import type { ConfigLayer, LayerKind } from './parseConfigFile.ts';
import { resolveConfig, strongestFirst } from './resolveConfig.ts';

/** An effective value and where it comes from. */
export interface ValueOrigin {
  readonly value: unknown;
  readonly from: LayerKind | 'default';
  /** Where it stands in that file; absent for defaults. */
  readonly place?: Place;
}

function child(value: unknown, part: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(String(part));
}

/** Targets and key references as they are written. */
function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== 'object' || value === null) return value;
  const [provider, model, kind, name] = ['provider', 'model', 'kind', 'name'].map((key) => child(value, key));
  if (typeof provider === 'string' && typeof model === 'string') return `${provider}/${model}`;
  if ((kind === 'secret' || kind === 'env') && typeof name === 'string') return `${kind}:${name}`;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asWritten(inner)]));
}

/** Whether what a file says is what holds; of an object, whether it says anything of it. */
function agrees(written: unknown, effective: unknown): boolean {
  if (Array.isArray(written) || typeof written !== 'object' || written === null)
    return isDeepStrictEqual(written, effective);
  return Object.entries(written).some(([key, inner]) => agrees(inner, child(effective, key)));
}

/** Spending limits of all files hold at once, so one's place in the list says nothing of its place in a file. */
function pathsInFile(root: Node, path: Path, effective: unknown): Path[] {
  if (path[0] !== 'budgets' || path[1] === undefined) return [path];
  const limit = path.slice(0, 2).reduce<unknown>(child, effective);
  const written: unknown[] = findNodeAtLocation(root, ['budgets'])?.children?.map(getNodeValue) ?? [];
  return written.flatMap((budget, place) => {
    const same = ['scope', 'window', 'limitUsd'].every((key) => child(budget, key) === child(limit, key));
    return same ? [['budgets', place, ...path.slice(2)]] : [];
  });
}

/**
 * Says where an effective value comes from: `explainValue(layers, ['aliases', 'cheap', 'fallback', 'deadlineMs'], …)`.
 * @param path in the shape of the file; undefined is answered where nothing holds there
 */
export function explainValue(
  layers: readonly ConfigLayer[],
  path: Path,
  options: { trusted: boolean },
): ValueOrigin | undefined {
  const effective = asWritten(resolveConfig(layers, options).config);
  const value = path.reduce<unknown>(child, effective);
  if (value === undefined) return undefined;
  for (const { kind, root } of strongestFirst(layers)) {
    if (root === undefined) continue;
    const written = pathsInFile(root, path, effective).find((candidate) => {
      const node = findNodeAtLocation(root, [...candidate]);
      return node !== undefined && agrees(getNodeValue(node), value);
    });
    if (written !== undefined) return { value, from: kind, place: placeAt(root, written) };
  }
  return { value, from: 'default' };
}
