import type { Catalog, CatalogModel } from '../catalog/catalog.ts';
import { costOf } from '../catalog/costOf.ts';
import type { ServiceTier } from '../catalog/price.ts';
import type { Usage } from '../catalog/usage.ts';
import type { Target } from '../config/config.ts';
import { stringAt } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { largest } from './extremes.ts';

/** The catalogue's model of a target; undefined where it is not known. */
export function modelOf(catalog: Catalog, { provider, model }: Target): CatalogModel | undefined {
  const found = catalog.lookup(model, provider);
  return found.kind === 'known' ? found.model : undefined;
}

/**
 * The most a call can cost: every prompt token at the dearest kind it may be billed as, every answer at its full length, at
 * the dearer of the standard and the asked service tier. Undefined where no price is known. Picodollars.
 */
export function worstCasePicoUsd(
  request: ParsedRequest,
  model: CatalogModel | undefined,
  inputTokens: number,
  outputTokens: number,
): bigint | undefined {
  const price = model?.price;
  if (price === undefined) return undefined;
  const input = dearest(inputKinds(request).map((kind) => ({ [kind]: inputTokens })));
  if (input === undefined) return undefined;
  const output =
    outputTokens === 0 ? 0n : dearest([{ output: outputTokens }, { reasoning: outputTokens }], inputTokens);
  return output === undefined ? undefined : input + output;

  function dearest(usages: readonly Usage[], besideInput = 0): bigint | undefined {
    return largest(
      usages.flatMap((usage) => tiersOf(request).flatMap((tier) => costAt(usage, tier, besideInput) ?? [])),
    );
  }

  /** Long prompts make answers dearer too, so the answer is priced beside its prompt. */
  function costAt(usage: Usage, serviceTier: ServiceTier, besideInput: number): bigint | undefined {
    const whole = picoUsd(besideInput === 0 ? usage : { ...usage, input: besideInput }, serviceTier);
    const beside = besideInput === 0 ? 0n : picoUsd({ input: besideInput }, serviceTier);
    return whole === undefined || beside === undefined ? undefined : whole - beside;
  }

  function picoUsd(usage: Usage, serviceTier: ServiceTier): bigint | undefined {
    const cost = costOf(usage, price, { serviceTier, uses: { request: 1 } });
    return cost.status === 'exact' || cost.status === 'estimated' ? BigInt(cost.picoUsd) : undefined;
  }
}

function inputKinds({ bytes }: ParsedRequest): (keyof Usage)[] {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Without the mark nothing is written to Anthropic's cache; OpenAI's writes are billed where the price list says so.
  const marksCache = body.includes('"cache_control"');
  return ['input', 'cacheWrite5m', ...(marksCache && body.includes('"1h"') ? (['cacheWrite1h'] as const) : [])];
}

function tiersOf({ body }: ParsedRequest): ServiceTier[] {
  return stringAt(body, 'service_tier') === 'priority' ? ['standard', 'priority'] : ['standard'];
}
