import type { Catalog, ModelLookup } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';

/** What a name in source stands for: a model, or an alias followed to its first target. */
export interface NamedModel {
  /** As shown: `openai/gpt-4o` where the catalogue knows it, else as written. */
  readonly name: string;
  /** The alias, where the text is one; `name` and `lookup` are then those of its first target. */
  readonly alias?: string;
  readonly lookup: ModelLookup;
}

/** What a model id or alias stands for. An alias of the configuration wins over a model of the same name. */
export function nameModel(text: string, catalog: Catalog, aliases: Config['aliases']): NamedModel {
  const target = Object.hasOwn(aliases, text) ? aliases[text]?.targets[0] : undefined;
  if (!target) {
    const lookup = catalog.lookup(text);
    return { name: shownName(text, lookup), lookup };
  }
  return {
    name: `${target.provider}/${target.model}`,
    alias: text,
    lookup: catalog.lookup(target.model, target.provider),
  };
}

/** Qualified with the provider that the catalogue knows it by; a text that is qualified already stays as it is. */
function shownName(text: string, lookup: ModelLookup): string {
  if (lookup.kind === 'unknown' || text.includes('/')) return text;
  return `${lookup.model.provider}/${text}`;
}
