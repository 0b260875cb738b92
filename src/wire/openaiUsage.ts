import type { Uses } from '../catalog/usage.ts';
import { type JsonObject, objectAt, stringAt } from './json.ts';
import { countAt, type UsageReading, usageOf } from './usageReading.ts';

/**
 * Reads the `usage` of chat completions, completions, embeddings and Responses.
 *
 * The prompt count includes what was read from and written to the prompt cache, and audio. Reasoning is inside the
 * completion count at OpenAI and beside it at xAI and Gemini, whatever the field is called; the total decides.
 */
export function readOpenaiUsage(raw: JsonObject): UsageReading {
  const responses = 'input_tokens' in raw || 'output_tokens' in raw;
  const prompt = countAt(raw, responses ? 'input_tokens' : 'prompt_tokens');
  const completion = countAt(raw, responses ? 'output_tokens' : 'completion_tokens');
  const inDetails = objectAt(raw, responses ? 'input_tokens_details' : 'prompt_tokens_details');
  const outDetails = objectAt(raw, responses ? 'output_tokens_details' : 'completion_tokens_details');

  // DeepSeek reports cache reads beside the details.
  const cacheRead = countAt(inDetails, 'cached_tokens') || countAt(raw, 'prompt_cache_hit_tokens');
  const cacheWrite = countAt(inDetails, 'cache_write_tokens');
  const inputAudio = countAt(inDetails, 'audio_tokens');
  const outputAudio = countAt(outDetails, 'audio_tokens');
  const inputImage = countAt(inDetails, 'image_tokens');
  const outputImage = countAt(outDetails, 'image_tokens');
  const split = isResearch(raw)
    ? { reasoning: countAt(raw, 'reasoning_tokens'), rest: completion }
    : splitReasoning(countAt(outDetails, 'reasoning_tokens'), prompt, completion, countAt(raw, 'total_tokens'));
  const uses = usesIn(raw);

  const input = prompt - cacheRead - cacheWrite - inputAudio - inputImage;
  const output = split.rest - outputAudio - outputImage;
  const doubt =
    input < 0 || output < 0 ? "the parts of the provider's usage add up to more than the whole" : split.doubt;
  return {
    usage: usageOf({
      input,
      cacheRead,
      cacheWrite5m: cacheWrite,
      inputAudio,
      output,
      reasoning: split.reasoning,
      outputAudio,
      inputImage,
      outputImage,
    }),
    raw,
    ...(uses === undefined ? {} : { uses }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

/** Perplexity's deep research counts its reasoning and its citations beside everything, the total included. */
function isResearch(raw: JsonObject): boolean {
  return 'citation_tokens' in raw || 'num_search_queries' in raw;
}

/** Perplexity bills requests by their search context, xAI by the sources of a live search. */
function usesIn(raw: JsonObject): Uses | undefined {
  const searches = countAt(raw, 'num_search_queries') + countAt(raw, 'num_sources_used');
  const context = stringAt(raw, 'search_context_size');
  if (searches === 0 && context === undefined) return undefined;
  return {
    ...(searches === 0 ? {} : { webSearch: searches }),
    ...(context === 'low' ? { requestLow: 1 } : context === 'medium' ? { requestMedium: 1 } : {}),
  };
}

interface Split {
  readonly reasoning: number;
  /** Completion tokens that are not reasoning. */
  readonly rest: number;
  readonly doubt?: string;
}

function splitReasoning(reasoning: number, prompt: number, completion: number, total: number): Split {
  const inside = { reasoning, rest: completion - reasoning };
  const beside = { reasoning, rest: completion };
  if (total === 0) return reasoning > completion ? beside : inside;
  if (total === prompt + completion) return inside;
  if (total === prompt + completion + reasoning) return beside;
  const unlisted = total - prompt - completion;
  // Gemini's OpenAI endpoint counts thinking in the total alone, and bills it as output.
  if (reasoning === 0 && unlisted > 0)
    return {
      reasoning: unlisted,
      rest: completion,
      doubt: 'the total holds tokens that the provider does not itemise',
    };
  return { ...inside, doubt: 'the provider’s total is not the sum of its parts' };
}
