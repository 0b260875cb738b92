import type { ModelLookup } from '../../catalog/catalog.ts';
import type { Config } from '../../config/config.ts';

/** What a new alias is to stand for. */
export type AliasTarget =
  | { readonly kind: 'target'; readonly provider: string; readonly model: string }
  /** The model is sold by a provider that the configuration does not have. */
  | { readonly kind: 'missingProvider'; readonly provider: string };

/**
 * The target of a new alias for the model that the code names as `text`. What comes after the provider stays as the
 * code has it, because that is what the program sends where Tollgate is not.
 */
export function aliasTarget(text: string, lookup: ModelLookup, providers: Config['providers']): AliasTarget {
  const prefix = /^([A-Za-z][\w.-]*)\/(.+)$/.exec(text);
  const prefixed = prefix?.[1] !== undefined && Object.hasOwn(providers, prefix[1]) ? prefix[1] : undefined;
  if (prefixed !== undefined) return { kind: 'target', provider: prefixed, model: prefix?.[2] ?? text };
  // Whoever serves a model that no price list knows most likely speaks OpenAI's dialect.
  const provider = lookup.kind === 'known' ? lookup.model.provider : 'openai';
  if (!Object.hasOwn(providers, provider)) return { kind: 'missingProvider', provider };
  return { kind: 'target', provider, model: text };
}
