import * as z from 'zod';
import { picoUsdPerUsd } from '../../catalog/money.ts';
import type { ServiceTier } from '../../catalog/price.ts';
import { dayOfSeconds } from './days.ts';
import { type ProviderReport, type ReportedCost, type ReportedUsage, wholeDay } from './providerReport.ts';
import { picoUsdOfDecimal } from './usdAmount.ts';

/**
 * OpenAI's organisation reports: `GET /organization/usage/completions`, `…/usage/embeddings` and `/organization/costs`
 * (https://platform.openai.com/docs/api-reference/usage, fields as the `openai` package has them).
 */

const count = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? 0);

const usageResult = z.object({
  model: z.string().nullish(),
  input_tokens: count,
  output_tokens: count,
  input_cached_tokens: count,
  input_cache_write_tokens: count,
  input_audio_tokens: count,
  output_audio_tokens: count,
  num_model_requests: count,
  batch: z.boolean().nullish(),
  service_tier: z.string().nullish(),
  api_key_id: z.string().nullish(),
});

const costResult = z.object({
  amount: z.object({ value: z.union([z.number(), z.string()]), currency: z.string() }).nullish(),
  line_item: z.string().nullish(),
  api_key_id: z.string().nullish(),
});

const pageOf = <T extends z.ZodType>(result: T) =>
  z.object({
    data: z.array(z.object({ start_time: z.number(), results: z.array(result) })),
    has_more: z.boolean().optional(),
    next_page: z.string().nullish(),
  });

export const openAiUsagePage = pageOf(usageResult);
export const openAiCostsPage = pageOf(costResult);

export type OpenAiUsageResult = z.infer<typeof usageResult>;

const tiers: Readonly<Record<string, ServiceTier>> = { flex: 'flex', priority: 'priority', batch: 'batch' };

/** A row of usage; `input_tokens` counts cached, written and audio tokens too. */
export function usageOfOpenAi(day: string, result: OpenAiUsageResult): ReportedUsage | undefined {
  const { model } = result;
  if (model === null || model === undefined || model === '') return undefined;
  const cacheRead = result.input_cached_tokens;
  const cacheWrite5m = result.input_cache_write_tokens;
  const inputAudio = result.input_audio_tokens;
  const outputAudio = result.output_audio_tokens;
  return {
    day,
    model,
    ...(result.batch === true
      ? { tier: 'batch' as const }
      : result.service_tier === null || result.service_tier === undefined
        ? {}
        : { tier: tiers[result.service_tier] ?? 'standard' }),
    ...(result.api_key_id ? { keyId: result.api_key_id } : {}),
    usage: {
      input: Math.max(0, result.input_tokens - cacheRead - cacheWrite5m - inputAudio),
      cacheRead,
      cacheWrite5m,
      inputAudio,
      output: Math.max(0, result.output_tokens - outputAudio),
      outputAudio,
    },
    requests: result.num_model_requests,
  };
}

/** `gpt-4o-2024-08-06, input` names a model; `Web search` and credits do not. */
const modelItem =
  /^([\w.:/-]+), *(?:batch |flex |priority )*(?:cached |cache write )?(?:audio |image |text )?(?:in|out)put/i;

export function costOfOpenAi(day: string, item: string, amount: string, keyId?: string): ReportedCost | undefined {
  const picoUsd = picoUsdOfDecimal(amount, picoUsdPerUsd);
  if (picoUsd === undefined) return undefined;
  const model = modelItem.exec(item)?.[1];
  return {
    day,
    item,
    picoUsd,
    ...(model === undefined ? {} : { model }),
    ...(keyId ? { keyId } : {}),
  };
}

export function usageOfOpenAiPage(page: z.infer<typeof openAiUsagePage>): ProviderReport {
  const usage = page.data.flatMap(({ start_time, results }) =>
    results.flatMap((result) => usageOfOpenAi(dayOfSeconds(start_time), result) ?? []),
  );
  return { usage, costs: [] };
}

export function costsOfOpenAiPage(page: z.infer<typeof openAiCostsPage>): ProviderReport {
  const costs = page.data.flatMap(({ start_time, results }) =>
    results.flatMap(({ amount, line_item, api_key_id }) =>
      amount === null || amount === undefined
        ? []
        : (costOfOpenAi(dayOfSeconds(start_time), line_item ?? wholeDay, String(amount.value), api_key_id ?? '') ?? []),
    ),
  );
  return { usage: [], costs };
}
