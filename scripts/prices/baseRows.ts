import { findProvider, type ModelInfo } from '@pydantic/genai-prices';
import { matchNames } from './matchNames.ts';
import type { SnapshotRow } from './snapshotRow.ts';
import { spansOf } from './spans.ts';

/** xAI bills the edge itself at the dear rate, everybody else what is above it. */
const inclusiveProviders: ReadonlySet<string> = new Set(['x-ai']);

/** The source's own names for what it groups; no provider takes them for a model. */
const groupPrefix = /^regional\./;
/** Regions of Bedrock are taken off before names are looked up; `global.` has prices of its own. */
const regionPrefix = /^(?:us|eu|apac|au|jp|ca|in|us-gov)\.(?=[a-z0-9]+\.)/;

function namesOf({ id, match }: ModelInfo, provider: string): { id: string; match: string[] } {
  const named = matchNames(match).map((name) => name.replace(groupPrefix, '').replace(regionPrefix, ''));
  const path = named.find((name) => name.startsWith('accounts/') && !/[*#]$/.test(name));
  const own = path ?? id.replace(groupPrefix, '').replace(/[-.]$/, '');
  // `cerebras/llama-3.3-70b`: prefixes are taken off before names are looked up
  const isQualified = (name: string) => name.startsWith(`${provider}/`) || name.startsWith(`${provider}:`);
  const names = new Set(named.filter((name) => !isQualified(name) && name !== own));
  if (own !== id && id.startsWith('ft:')) names.add(`${own}*`);
  return {
    id: own,
    match: [...names].filter((name) => !names.has(`${name.replace(/-$/, '')}*`) || name.endsWith('*')),
  };
}

/** The models of one provider of the base as rows of the snapshot. @throws for what must be looked at */
export function baseRows(provider: string, asOf: string): SnapshotRow[] {
  const found = findProvider({ providerId: provider });
  if (found === undefined) throw new Error(`the base has no provider ${provider}`);
  return found.models.flatMap((model) => {
    const { id, match } = namesOf(model, provider);
    const spans = spansOf(model.prices, asOf, inclusiveProviders.has(provider));
    // listed without any price: free at this provider, or unknown; neither is $0 here
    if (spans.usd === undefined && spans.fees === undefined) return [];
    return [
      {
        id,
        ...(match.length === 0 ? {} : { match }),
        ...spans,
        ...(model.context_window === undefined ? {} : { context: model.context_window }),
        ...(model.deprecated === true ? { deprecated: true as const } : {}),
      },
    ];
  });
}
