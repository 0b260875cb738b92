import { isHit } from './cacheOutcomes.ts';
import type { PanelAttempt, PanelCall } from './spend.ts';
import type { Words } from './words.ts';

/** What a call came to, over all its attempts. */
export type CallCost =
  | { readonly kind: 'notMetered' }
  /** Nobody bills it: answered without a provider, or refused before one was asked. */
  | { readonly kind: 'notBilled' }
  /** `estimated`: at least one attempt is. `partial`: the price of another attempt is not known. */
  | { readonly kind: 'priced'; readonly picoUsd: bigint; readonly estimated: boolean; readonly partial: boolean }
  | { readonly kind: 'unpriced' };

export function callCost({ call, attempts }: PanelCall): CallCost {
  if (!call.metered) return { kind: 'notMetered' };
  const billed = attempts.filter(({ costStatus }) => costStatus !== 'notBilled');
  if (billed.length === 0) return { kind: 'notBilled' };
  const known = billed.filter(({ costPicoUsd }) => costPicoUsd !== undefined);
  if (known.length === 0) return { kind: 'unpriced' };
  return {
    kind: 'priced',
    picoUsd: known.reduce((sum, { costPicoUsd }) => sum + BigInt(costPicoUsd ?? 0), 0n),
    estimated: known.some(({ costStatus }) => costStatus === 'estimated'),
    partial: known.length < billed.length,
  };
}

/** `$0.0031`, `~$0.0031`, `price unknown`, `saved $0.0031` … */
export function callCostText(entry: PanelCall, words: Words): string {
  const { say, money } = words;
  const cost = callCost(entry);
  switch (cost.kind) {
    case 'notMetered':
      return say('notMetered');
    case 'unpriced':
      return say('priceUnknown');
    case 'priced':
      return `${cost.estimated ? '~' : ''}${money(cost.picoUsd)}${cost.partial ? ` + ${say('priceUnknown')}` : ''}`;
    case 'notBilled': {
      if (!isHit(entry.call.cache)) return say('notBilled');
      const { savedPicoUsd } = entry.call;
      return savedPicoUsd === undefined ? say('savedUnknown') : say('savedAmount', money(savedPicoUsd));
    }
  }
}

export function attemptCostText(attempt: PanelAttempt, { say, money }: Words): string {
  if (attempt.costStatus === 'notBilled') return say('notBilled');
  if (attempt.costPicoUsd === undefined) return say('priceUnknown');
  return `${attempt.costStatus === 'estimated' ? '~' : ''}${money(attempt.costPicoUsd)}`;
}
