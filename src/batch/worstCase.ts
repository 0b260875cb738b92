import { costOf } from '../catalog/costOf.ts';
import type { ServiceTier } from '../catalog/price.ts';
import type { Usage } from '../catalog/usage.ts';
import type { JsonObject } from '../wire/json.ts';
import type { InputTokens } from './inputTokens.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import { answersOf } from './requestRow.ts';
import type { BatchTarget } from './resolveTarget.ts';

/** The kinds that a prompt may be billed as, beside plain input. */
type InputKind = 'input' | 'cacheWrite5m' | 'cacheWrite1h';

/**
 * The most that one request can cost, in picodollars: its prompt at the dearest kind it may be billed as, its answers at
 * their full length, as long as the model's where nothing else bounds them. Undefined = nothing bounds them, or no price
 * is known. Where the list has no batch price, a batch costs no more than the standard one.
 */
export function worstCaseOf(
  { target, body, bodyJson, endpoint, maxOutputTokens }: PreparedRequest,
  input: InputTokens,
  tier: Extract<ServiceTier, 'batch' | 'standard'>,
): bigint | undefined {
  const longest = endpoint === '/v1/embeddings' ? 0 : (maxOutputTokens ?? longestOf(target, body));
  if (longest === undefined) return undefined;
  const costs = inputKinds(bodyJson).flatMap((kind) => {
    const usage: Usage = { [kind]: input.atMost, output: longest };
    return picoUsd(usage, tier) ?? picoUsd(usage, 'standard') ?? [];
  });
  return costs.reduce<bigint | undefined>((most, cost) => (most === undefined || cost > most ? cost : most), undefined);

  function picoUsd(usage: Usage, serviceTier: ServiceTier): bigint | undefined {
    const cost = costOf(usage, target.price, { serviceTier, uses: { request: 1 } });
    return 'picoUsd' in cost ? BigInt(cost.picoUsd) : undefined;
  }
}

function longestOf({ maxOutputTokens }: BatchTarget, body: JsonObject): number | undefined {
  return maxOutputTokens === undefined ? undefined : maxOutputTokens * answersOf(body);
}

/** Without the mark nothing is written to a cache that costs more than input. */
function inputKinds(bodyJson: string): readonly InputKind[] {
  if (!bodyJson.includes('"cache_control"')) return ['input'];
  return bodyJson.includes('"1h"') ? ['input', 'cacheWrite5m', 'cacheWrite1h'] : ['input', 'cacheWrite5m'];
}
