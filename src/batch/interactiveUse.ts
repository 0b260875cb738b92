import type { ModelCall } from '../detect/calls/modelCall.ts';

/** A request handler that names a prompt file. */
export interface InteractiveUse {
  /** As it stands in the source. */
  readonly name: string;
  readonly offset: number;
}

/**
 * Prompt files whose name stands in a function that calls a model while it answers a request: somebody waits there.
 * @param names base names of prompt files
 */
export function interactiveUses(
  text: string,
  calls: readonly ModelCall[],
  names: readonly string[],
): readonly InteractiveUse[] {
  const handlers = calls.flatMap(({ inHandler, owner }) => (inHandler && owner !== undefined ? [owner.span] : []));
  if (handlers.length === 0) return [];
  return names.flatMap((name) => {
    const place = handlers.find(({ start, end }) => text.slice(start, end).includes(name));
    return place === undefined ? [] : [{ name, offset: text.indexOf(name, place.start) }];
  });
}
