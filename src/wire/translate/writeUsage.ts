import { totalInputTokens, totalOutputTokens, type Usage } from '../../catalog/usage.ts';
import type { JsonObject } from '../json.ts';

/** Cache reads and writes are inside the prompt's count, reasoning inside the completion's. */
export function chatUsage(usage: Usage): JsonObject {
  const prompt = totalInputTokens(usage);
  const completion = totalOutputTokens(usage);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0, cache_write_tokens: written(usage) },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}

export function responseUsage(usage: Usage): JsonObject {
  const input = totalInputTokens(usage);
  const output = totalOutputTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheRead ?? 0, cache_write_tokens: written(usage) },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: input + output,
  };
}

/** Cache reads and writes are beside the input's count, thinking inside the output's. */
export function messageUsage(usage: Usage): JsonObject {
  return {
    input_tokens: (usage.input ?? 0) + (usage.inputAudio ?? 0),
    cache_creation_input_tokens: written(usage),
    cache_read_input_tokens: usage.cacheRead ?? 0,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5m ?? 0,
      ephemeral_1h_input_tokens: usage.cacheWrite1h ?? 0,
    },
    output_tokens: totalOutputTokens(usage),
    output_tokens_details: { thinking_tokens: usage.reasoning ?? 0 },
    server_tool_use: null,
    service_tier: null,
  };
}

function written({ cacheWrite5m = 0, cacheWrite1h = 0 }: Usage): number {
  return cacheWrite5m + cacheWrite1h;
}
