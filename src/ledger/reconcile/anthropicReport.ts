import * as z from 'zod';
import type { ServiceTier } from '../../catalog/price.ts';
import { type ProviderReport, type ReportedCost, type ReportedUsage, wholeDay } from './providerReport.ts';
import { picoUsdOfDecimal } from './usdAmount.ts';

/**
 * Anthropic's organisation reports: `GET /v1/organizations/usage_report/messages` and `/v1/organizations/cost_report`
 * (https://platform.claude.com/docs/en/api/admin). Usage counts no requests; priority tier is not in the costs.
 */

const count = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? 0);

const usageResult = z.object({
  model: z.string().nullish(),
  uncached_input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation: z.object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }).nullish(),
  output_tokens: count,
  service_tier: z.string().nullish(),
  api_key_id: z.string().nullish(),
});

const costResult = z.object({
  amount: z.union([z.string(), z.number()]),
  description: z.string().nullish(),
  cost_type: z.string().nullish(),
  model: z.string().nullish(),
});

const pageOf = <T extends z.ZodType>(result: T) =>
  z.object({
    data: z.array(z.object({ starting_at: z.string(), results: z.array(result) })),
    has_more: z.boolean().optional(),
    next_page: z.string().nullish(),
  });

export const anthropicUsagePage = pageOf(usageResult);
export const anthropicCostPage = pageOf(costResult);

/** The report's amounts are cents. */
const picoUsdPerCent = 10_000_000_000n;

const tiers: Readonly<Record<string, ServiceTier>> = {
  batch: 'batch',
  priority: 'priority',
  priority_on_demand: 'priority',
  flex: 'flex',
  flex_discount: 'flex',
};

export function anthropicTier(name: string | null | undefined): { tier?: ServiceTier } {
  return name === null || name === undefined || name === '' ? {} : { tier: tiers[name] ?? 'standard' };
}

export function usageOfAnthropicPage(page: z.infer<typeof anthropicUsagePage>): ProviderReport {
  const usage = page.data.flatMap(({ starting_at, results }) =>
    results.flatMap((result): ReportedUsage[] => {
      if (!result.model) return [];
      return [
        {
          day: starting_at.slice(0, 10),
          model: result.model,
          ...anthropicTier(result.service_tier),
          ...(result.api_key_id ? { keyId: result.api_key_id } : {}),
          usage: {
            input: result.uncached_input_tokens,
            cacheRead: result.cache_read_input_tokens,
            cacheWrite5m: result.cache_creation?.ephemeral_5m_input_tokens ?? 0,
            cacheWrite1h: result.cache_creation?.ephemeral_1h_input_tokens ?? 0,
            output: result.output_tokens,
          },
        },
      ];
    }),
  );
  return { usage, costs: [] };
}

export function costsOfAnthropicPage(page: z.infer<typeof anthropicCostPage>): ProviderReport {
  const costs = page.data.flatMap(({ starting_at, results }) =>
    results.flatMap((result): ReportedCost[] => {
      const picoUsd = picoUsdOfDecimal(String(result.amount), picoUsdPerCent);
      if (picoUsd === undefined) return [];
      const ofTokens = result.cost_type === 'tokens' || result.cost_type === null || result.cost_type === undefined;
      return [
        {
          day: starting_at.slice(0, 10),
          item: result.description ?? result.cost_type ?? wholeDay,
          picoUsd,
          ...(ofTokens && result.model ? { model: result.model } : {}),
        },
      ];
    }),
  );
  return { usage: [], costs };
}
