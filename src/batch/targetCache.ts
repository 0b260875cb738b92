import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Refusal } from './promptFile.ts';
import { type BatchTarget, resolveTarget } from './resolveTarget.ts';

export type Resolve = (model: string) => BatchTarget | Refusal;

/** A plan names few models in many requests. */
export function targetCache(config: Config, catalog: Catalog): Resolve {
  const known = new Map<string, BatchTarget | Refusal>();
  return (model) => {
    const target = known.get(model) ?? resolveTarget(model, config, catalog);
    known.set(model, target);
    return target;
  };
}
