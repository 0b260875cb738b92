import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import type { ConfigProblem } from './config.ts';
import { configProblems } from './errors.ts';
import { type Path, pathText, placeAt, placed } from './jsonTree.ts';

interface NotEnforced {
  /** `*` is every key or element. */
  readonly path: readonly string[];
  /** Only these values are not acted on; without it, none is. */
  readonly unless?: (value: unknown) => boolean;
}

const isOneOf =
  (...values: readonly string[]) =>
  (value: unknown): boolean =>
    values.some((one) => one === value);

/**
 * What the format knows and this version does not act on yet. Each is accepted with a warning, so that nobody relies on it.
 * Delete a line when its part is built.
 */
const notEnforced: readonly NotEnforced[] = [
  { path: ['router', 'classifier', 'mode'], unless: isOneOf('off', 'rules') },
];

function expand(root: Node, pattern: readonly string[]): Path[] {
  return pattern.reduce<Path[]>(
    (paths, part) =>
      part !== '*'
        ? paths.map((path) => [...path, part])
        : paths.flatMap((path) => {
            const node = findNodeAtLocation(root, [...path]);
            return (node?.children ?? []).map((element, place): Path => {
              const key: unknown = element.type === 'property' ? element.children?.[0]?.value : undefined;
              return [...path, typeof key === 'string' ? key : place];
            });
          }),
    [[]],
  );
}

/** Warnings for what is written but not acted on. */
export function notEnforcedProblems(root: Node): ConfigProblem[] {
  return notEnforced.flatMap(({ path: pattern, unless }) =>
    expand(root, pattern).flatMap((path) => {
      const node = findNodeAtLocation(root, [...path]);
      if (node === undefined || unless?.(getNodeValue(node)) === true) return [];
      const value: unknown = unless === undefined ? undefined : getNodeValue(node);
      const name = typeof value === 'string' ? `${pathText(path)}: "${value}"` : pathText(path);
      return [placed(configProblems.notEnforced(name), placeAt(root, path))];
    }),
  );
}
