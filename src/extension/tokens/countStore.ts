import { type Event, EventEmitter } from 'vscode';
import { createExactCounts, type ExactCounts } from '../../tokens/exactCounts.ts';
import type { Host } from '../host.ts';

const stateKey = 'tollgate.exactCounts';

/** Exact counts in the editor's global state: for all workspaces, over sessions. */
export function createCountStore({ context, disposables }: Host): ExactCounts & { readonly onDidChange: Event<void> } {
  const changed = disposables.add(new EventEmitter<void>());
  const counts = createExactCounts({
    load: () => context.globalState.get(stateKey),
    save: (entries) => context.globalState.update(stateKey, entries),
  });
  return {
    get: counts.get,
    set: async (model, text, tokens) => {
      await counts.set(model, text, tokens);
      changed.fire();
    },
    onDidChange: changed.event,
  };
}
