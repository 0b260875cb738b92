import { totalInputTokens, totalOutputTokens } from '../../catalog/usage.ts';
import type { CallWithAttempts } from '../ledger.ts';
import type { AttemptRow, CallRow } from '../rows.ts';
import { decimalUsd } from './decimalUsd.ts';

/**
 * Charges as FinOps FOCUS 1.3 has them (https://focus.finops.org/focus-specification/v1-3/): every mandatory column of Cost and Usage,
 * what we know of the conditional ones, and our own as `x_`. A charge is an attempt. What an attempt without a known price
 * costs cannot be said in FOCUS, where a cost is never null, and is left out; so is what nobody bills.
 */
export function focusRows({ call, attempts }: CallWithAttempts): Record<string, string | number | null>[] {
  return attempts.flatMap((attempt) =>
    attempt.costPicoUsd === undefined || attempt.demo ? [] : [focusRow(call, attempt, decimalUsd(attempt.costPicoUsd))],
  );
}

function focusRow(call: CallRow, attempt: AttemptRow, cost: string): Record<string, string | number | null> {
  const { provider, model, serviceTier, usage } = attempt;
  const started = new Date(attempt.startedAtMs);
  const input = totalInputTokens(usage);
  const output = totalOutputTokens(usage);
  return {
    BilledCost: cost,
    BillingAccountId: provider,
    BillingAccountName: null,
    BillingCurrency: 'USD',
    BillingPeriodEnd: monthOf(started, 1),
    BillingPeriodStart: monthOf(started, 0),
    ChargeCategory: 'Usage',
    ChargeClass: null,
    ChargeDescription: `${model}, ${serviceTier}: ${input} tokens in, ${output} out`,
    ChargeFrequency: 'Usage-Based',
    ChargePeriodEnd: secondOf(Math.floor(attempt.startedAtMs / 1000) * 1000 + 1000),
    ChargePeriodStart: secondOf(attempt.startedAtMs),
    ContractedCost: cost,
    EffectiveCost: cost,
    HostProviderName: provider,
    InvoiceIssuerName: provider,
    ListCost: cost,
    PricingQuantity: null,
    PricingUnit: null,
    ProviderName: provider,
    PublisherName: provider,
    ResourceId: model,
    ResourceName: model,
    ResourceType: 'Model',
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: `${provider} API`,
    ServiceProviderName: provider,
    ServiceSubcategory: 'Generative AI',
    SubAccountId: call.workspaceId,
    SubAccountName: null,
    Tags: JSON.stringify(tagsOf(call)),
    x_CallId: call.id,
    x_Attempt: attempt.index,
    x_CostStatus: attempt.costStatus,
    x_PriceId: attempt.priceId ?? null,
    x_ServiceTier: serviceTier,
    x_InputTokens: usage.input ?? 0,
    x_CacheReadTokens: usage.cacheRead ?? 0,
    x_CacheWriteTokens: (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0),
    x_OutputTokens: output,
  };
}

function tagsOf(call: CallRow): Record<string, string> {
  const known = {
    feature: call.feature,
    user: call.userPseudonym,
    session: call.session,
    branch: call.branch,
    commit: call.commit,
    callSite: call.callSite,
    route: call.route,
    alias: call.alias,
  };
  const given = Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...call.tags, ...Object.fromEntries(given) };
}

function monthOf(date: Date, more: number): string {
  return secondOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more, 1));
}

function secondOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
