import type { Catalog, ModelLookup } from '../catalog/catalog.ts';
import { readModelName } from '../catalog/modelName.ts';
import type { Config } from '../config/config.ts';
import type { ModelConstant, ModelMention } from '../detect/finding.ts';

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

/** What a mention or a constant stands for: a constant says it by its name, or is the name of an alias. */
export function nameSelected(
  { kind, text }: ModelMention | ModelConstant,
  catalog: Catalog,
  aliases: Config['aliases'],
): NamedModel {
  if (kind === 'model' || Object.hasOwn(aliases, text)) return nameModel(text, catalog, aliases);
  const lookup = catalog.lookupIdentifier(text);
  return { name: lookup.kind === 'known' ? `${lookup.model.provider}/${lookup.model.id}` : text, lookup };
}

/**
 * A constant as the mention it stands in for, so that it prices the prompts of its call as a literal does.
 * Undefined for an identifier that names no model and no alias: it says nothing about a price.
 */
export function asMention(finding: ModelMention | ModelConstant, model: NamedModel): ModelMention | undefined {
  if (finding.kind === 'model') return finding;
  const text = model.alias ?? (model.lookup.kind === 'known' ? model.lookup.model.id : undefined);
  if (text === undefined) return undefined;
  return { ...finding, kind: 'model', text, literal: finding.span, replaceable: false };
}

/** Qualified with the provider that the catalogue knows it by; a text that is qualified already stays as it is. */
function shownName(text: string, lookup: ModelLookup): string {
  if (lookup.kind === 'unknown' || text.includes('/')) return text;
  const { provider } = lookup.model;
  // `openai:gpt-4o` names its provider too.
  const named = readModelName(text, undefined).find((name) => name.provider === provider);
  return `${provider}/${named?.id ?? text}`;
}
