import type { ConfiguredLimit } from '../../service/api.ts';

/** What is offered at first: half as much again. US dollars. */
export function suggestedUsd({ limitUsd }: Pick<ConfiguredLimit, 'limitUsd'>): number {
  return Number((limitUsd * 1.5).toPrecision(3));
}

/** An amount as a user writes it (`12`, `$12.50`); undefined where it is none, or does not raise the limit. */
export function raisedAmount(text: string, { limitUsd }: Pick<ConfiguredLimit, 'limitUsd'>): number | undefined {
  const written = text.trim().replace(/^\$\s*/, '');
  const amount = /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : Number.NaN;
  return amount > limitUsd && amount <= 1_000_000_000 ? amount : undefined;
}
