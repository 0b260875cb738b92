import type { NamedModel } from '../../advice/ruleContext.ts';
import { readModelName } from '../../catalog/modelName.ts';
import type { Config } from '../../config/config.ts';
import type { CountingProvider } from '../../tokens/countWithProvider.ts';

/** Whom to ask for a count, and by which name of the model. */
export type CountTarget =
  | { readonly kind: 'ask'; readonly provider: CountingProvider; readonly model: string; readonly key: string }
  /** The tokenizer of the model is in the extension. */
  | { readonly kind: 'counted' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'noEndpoint'; readonly provider: string };

const asked: readonly CountingProvider[] = ['anthropic', 'google', 'openai'];

/** Under which name a count of a model is remembered. */
export function countKey({ lookup }: NamedModel): string | undefined {
  return lookup.kind === 'known' ? `${lookup.model.provider}/${lookup.model.id}` : undefined;
}

/**
 * The provider that counts for a model, asked by the name in the source: the catalogue's own may be a family's.
 * @param text what the source (or the setting) names: an id or an alias
 */
export function countTarget(text: string, model: NamedModel, aliases: Config['aliases']): CountTarget {
  const key = countKey(model);
  if (model.lookup.kind === 'unknown' || key === undefined) return { kind: 'unknown' };
  const { provider: seller, tokenizer } = model.lookup.model;
  if (tokenizer === 'o200k' || tokenizer === 'cl100k') return { kind: 'counted' };
  const provider = asked.find((one) => one === seller);
  // Vertex AI sells Claude under the name of Google, whose endpoint does not count it
  if (provider === undefined || (provider === 'google' && tokenizer !== 'gemini'))
    return { kind: 'noEndpoint', provider: seller };
  const target = model.alias === undefined ? undefined : aliases[model.alias]?.targets[0]?.model;
  return { kind: 'ask', provider, model: plainId(target ?? text, provider), key };
}

function plainId(text: string, provider: string): string {
  return readModelName(text, undefined).find((name) => name.provider === provider)?.id ?? text;
}
