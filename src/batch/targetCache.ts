import type { Refusal } from './promptFile.ts';
import type { ReadContext } from './readContext.ts';
import { type BatchTarget, resolveTarget } from './resolveTarget.ts';

export type Resolve = (model: string) => BatchTarget | Refusal;

/** A set names few models in many lines. */
export function targetCache({ config, catalog }: Pick<ReadContext, 'config' | 'catalog'>): Resolve {
  const known = new Map<string, BatchTarget | Refusal>();
  return (model) => {
    const target = known.get(model) ?? resolveTarget(model, config, catalog);
    known.set(model, target);
    return target;
  };
}
