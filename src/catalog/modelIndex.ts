import type { CatalogModel, ModelMatch } from './catalog.ts';
import { isDated, isVariantOf, withoutDate } from './modelVariant.ts';

export interface IndexedModel {
  readonly model: CatalogModel;
  /** `name`, `name*` (variants), `name#` (dated). */
  readonly patterns: readonly string[];
}

export interface FoundModel {
  readonly model: CatalogModel;
  readonly match: ModelMatch;
}

interface Rule {
  readonly stem: string;
  readonly dated: boolean;
  readonly model: CatalogModel;
}

/** The models of one provider by every name they go by. */
export interface ModelIndex {
  exact(id: string): FoundModel | undefined;
  rule(id: string): FoundModel | undefined;
  dated(id: string): FoundModel | undefined;
  /** Names given in full. */
  names(): Iterable<string>;
}

/** A snapshot that nobody lists is priced as its base model, and says so. */
function asSnapshot(model: CatalogModel): CatalogModel {
  if (model.price === undefined) return model;
  const estimatedBecause =
    model.price.estimatedBecause ?? 'this snapshot is not listed and taken at the price of its base model';
  return { ...model, price: { ...model.price, estimatedBecause } };
}

/** Most strings are no model at all: they are told apart by their first letters. */
function headOf(name: string): string {
  return name.slice(0, 3);
}

/** Indexes one provider's models. Where two name the same id, the first wins; of two rules, the longer. */
export function createModelIndex(models: readonly IndexedModel[]): ModelIndex {
  const byName = new Map<string, CatalogModel>();
  const rules: Rule[] = [];
  for (const { model } of models) if (!byName.has(model.id)) byName.set(model.id, model);
  for (const { model, patterns } of models)
    for (const pattern of patterns) {
      const stem = /[*#]$/.test(pattern) ? pattern.slice(0, -1) : pattern;
      if (pattern !== stem) rules.push({ stem, dated: pattern.endsWith('#'), model });
      else if (!byName.has(stem)) byName.set(stem, model);
    }
  rules.sort((a, b) => b.stem.length - a.stem.length);
  const rulesByHead = new Map<string, Rule[]>();
  for (const rule of rules) rulesByHead.set(headOf(rule.stem), [...(rulesByHead.get(headOf(rule.stem)) ?? []), rule]);

  const exact = (id: string): FoundModel | undefined => {
    const model = byName.get(id);
    return model === undefined ? undefined : { model, match: 'exact' };
  };
  const rule = (id: string): FoundModel | undefined => {
    const found = rulesByHead
      .get(headOf(id))
      ?.find(({ stem, dated }) => (dated ? isDated(id, stem) : isVariantOf(id, stem)));
    return found === undefined ? undefined : { model: found.model, match: 'rule' };
  };
  const dated = (id: string): FoundModel | undefined => {
    const base = withoutDate(id);
    const found = base === undefined ? undefined : exact(base);
    return found === undefined ? undefined : { model: asSnapshot(found.model), match: 'dated' };
  };
  return { exact, rule, dated, names: () => byName.keys() };
}
