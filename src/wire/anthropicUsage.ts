import { type JsonObject, type JsonValue, numberAt, objectAt, stringAt } from './json.ts';
import { countAt, type UsageReading, usageOf } from './usageReading.ts';

/**
 * Reads the `usage` of a message. `input_tokens` excludes the prompt cache; cache writes are split by lifetime where
 * the provider says so, else they are of the five-minute kind. Thinking is inside `output_tokens`.
 */
export function readAnthropicUsage(raw: JsonObject): UsageReading {
  const creation = objectAt(raw, 'cache_creation');
  const written = countAt(raw, 'cache_creation_input_tokens');
  const cacheWrite1h = countAt(creation, 'ephemeral_1h_input_tokens');
  const listed5m = countAt(creation, 'ephemeral_5m_input_tokens');
  const cacheWrite5m = Math.max(listed5m, written - cacheWrite1h);
  const output = countAt(raw, 'output_tokens');
  const reasoning = Math.min(output, countAt(objectAt(raw, 'output_tokens_details'), 'thinking_tokens'));
  const doubt = doubtOf(raw);
  const webSearch = countAt(objectAt(raw, 'server_tool_use'), 'web_search_requests');
  return {
    usage: usageOf({
      input: countAt(raw, 'input_tokens'),
      cacheRead: countAt(raw, 'cache_read_input_tokens'),
      cacheWrite5m,
      cacheWrite1h,
      output: output - reasoning,
      reasoning,
    }),
    raw,
    ...(webSearch === 0 ? {} : { uses: { webSearch } }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

function doubtOf(raw: JsonObject): string | undefined {
  // Searches are counted and priced; fetching is free (Anthropic's page on the web fetch tool).
  const { web_search_requests: _, web_fetch_requests: __, ...tools } = objectAt(raw, 'server_tool_use') ?? {};
  if (Object.values(tools).some((count) => typeof count === 'number' && count > 0))
    return 'fees of server tools are not in the figure';
  if (stringAt(raw, 'speed') === 'fast') return 'fast mode has a price of its own';
  const geo = stringAt(raw, 'inference_geo');
  if (geo !== undefined && geo !== 'global' && geo !== 'not_available') return `inference in "${geo}" has a surcharge`;
  return undefined;
}

/**
 * The usage of a stream so far: `message_delta` repeats cumulative counts, so the last value present wins field by
 * field and nothing is ever summed; a null says nothing.
 */
export function mergeAnthropicUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged: Record<string, JsonValue | undefined> = { ...earlier };
  for (const [key, value] of Object.entries(later)) {
    if (value === null || value === undefined) continue;
    // Some gateways send zeros in the delta for what message_start already counted.
    const before = numberAt(earlier, key);
    if (value === 0 && before !== undefined && before > 0 && key !== 'output_tokens') continue;
    merged[key] = value;
  }
  return merged;
}
