import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { totalInputTokens, totalOutputTokens } from '../../../src/catalog/usage.ts';
import { mergeAnthropicUsage, readAnthropicUsage } from '../../../src/wire/anthropicUsage.ts';
import { readOpenaiUsage } from '../../../src/wire/openaiUsage.ts';
import { readReply } from '../../../src/wire/replyFacts.ts';
import { wireJson } from '../../support/wireFixtures.ts';

test('OpenAI: what was cached is inside the prompt count', () => {
  const { usage } = readReply('chat.completions', wireJson('chat.json'));
  assert.deepEqual(usage?.usage, { input: 93, cacheRead: 1024, output: 46 });
  assert.equal(usage?.doubt, undefined);
});

test('OpenAI: audio is taken out of input and output', () => {
  const raw = {
    prompt_tokens: 100,
    completion_tokens: 50,
    total_tokens: 150,
    prompt_tokens_details: { audio_tokens: 40, cached_tokens: 10 },
    completion_tokens_details: { audio_tokens: 30, reasoning_tokens: 5 },
  };
  assert.deepEqual(readOpenaiUsage(raw).usage, {
    input: 50,
    cacheRead: 10,
    inputAudio: 40,
    output: 15,
    reasoning: 5,
    outputAudio: 30,
  });
});

test('reasoning is inside or beside the completion, as the total says', () => {
  const raw = { prompt_tokens: 10, completion_tokens: 20, completion_tokens_details: { reasoning_tokens: 15 } };
  assert.deepEqual(readOpenaiUsage({ ...raw, total_tokens: 30 }).usage, { input: 10, output: 5, reasoning: 15 });
  assert.deepEqual(readOpenaiUsage({ ...raw, total_tokens: 45 }).usage, { input: 10, output: 20, reasoning: 15 });
  const odd = readOpenaiUsage({ ...raw, total_tokens: 99 });
  assert.deepEqual(odd.usage, { input: 10, output: 5, reasoning: 15 });
  assert.match(odd.doubt ?? '', /total/);
});

test('thinking that only the total knows (Gemini) is billed as reasoning, and doubted', () => {
  const reading = readOpenaiUsage({ prompt_tokens: 8, completion_tokens: 20, total_tokens: 528 });
  assert.deepEqual(reading.usage, { input: 8, output: 20, reasoning: 500 });
  assert.match(reading.doubt ?? '', /itemise/);
});

test('DeepSeek: cache hits beside the details', () => {
  const raw = {
    prompt_tokens: 12,
    completion_tokens: 3,
    total_tokens: 15,
    prompt_cache_hit_tokens: 4,
    prompt_cache_miss_tokens: 8,
  };
  assert.deepEqual(readOpenaiUsage(raw).usage, { input: 8, cacheRead: 4, output: 3 });
});

test('Responses: cached, written and reasoning tokens are parts of the two sums', () => {
  const { usage } = readReply('responses', wireJson('responses.json'));
  assert.deepEqual(usage?.usage, { input: 20, cacheRead: 12, cacheWrite5m: 5, output: 7, reasoning: 4 });
});

test('completions and embeddings', () => {
  assert.deepEqual(readReply('completions', wireJson('completions.json')).usage?.usage, { input: 5, output: 2 });
  assert.deepEqual(readReply('embeddings', wireJson('embeddings.json')).usage?.usage, { input: 8 });
});

test('Anthropic: cache reads and writes are beside the input, writes split by lifetime', () => {
  const { usage, serviceTier } = readReply('messages', wireJson('messages.json'));
  assert.deepEqual(usage?.usage, {
    input: 25,
    cacheRead: 1000,
    cacheWrite5m: 100,
    cacheWrite1h: 500,
    output: 59,
    reasoning: 30,
  });
  assert.equal(serviceTier, 'standard');
});

test('Anthropic: writes without a split are of the five-minute kind', () => {
  assert.deepEqual(readAnthropicUsage({ input_tokens: 1, cache_creation_input_tokens: 9, output_tokens: 2 }).usage, {
    input: 1,
    cacheWrite5m: 9,
    output: 2,
  });
});

test('Anthropic: fees and surcharges that tokens do not show make the figure an estimate', () => {
  const doubt = (more: object): string | undefined =>
    readAnthropicUsage({ input_tokens: 1, output_tokens: 1, ...more }).doubt;
  assert.equal(
    doubt({ server_tool_use: { web_search_requests: 0 }, inference_geo: 'global', speed: 'standard' }),
    undefined,
  );
  assert.match(doubt({ server_tool_use: { code_execution_requests: 2 } }) ?? '', /server tools/);
  // searches are counted, and fetching is free
  assert.equal(doubt({ server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } }), undefined);
  assert.match(doubt({ speed: 'fast' }) ?? '', /fast/);
  assert.match(doubt({ inference_geo: 'us' }) ?? '', /surcharge/);
});

test('a stream’s usage is the last value present, never a sum', () => {
  const start = { input_tokens: 25, output_tokens: 1, cache_read_input_tokens: 7 };
  const middle = mergeAnthropicUsage(start, { output_tokens: 10, input_tokens: null });
  assert.deepEqual(mergeAnthropicUsage(middle, { output_tokens: 15, cache_read_input_tokens: 0, input_tokens: 30 }), {
    input_tokens: 30,
    output_tokens: 15,
    cache_read_input_tokens: 7,
  });
});

test('the tier that was served is read in every dialect', () => {
  assert.equal(readReply('chat.completions', { service_tier: 'flex', choices: [] }).serviceTier, 'flex');
  assert.equal(readReply('responses', { service_tier: 'priority', output: [] }).serviceTier, 'priority');
  assert.equal(readReply('messages', { usage: { service_tier: 'batch' }, content: [] }).serviceTier, 'batch');
  assert.equal(readReply('chat.completions', { service_tier: 'unheard-of', choices: [] }).serviceTier, undefined);
});

const tokens = fc.nat({ max: 1_000_000 });

test('property: an OpenAI usage is a partition of prompt and completion', () => {
  fc.assert(
    fc.property(
      tokens,
      tokens,
      tokens,
      tokens,
      tokens,
      tokens,
      tokens,
      (plain, cached, written, audioIn, out, reasoning, audioOut) => {
        const prompt = plain + cached + written + audioIn;
        const completion = out + reasoning + audioOut;
        const { usage, doubt } = readOpenaiUsage({
          prompt_tokens: prompt,
          completion_tokens: completion,
          total_tokens: prompt + completion,
          prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written, audio_tokens: audioIn },
          completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: audioOut },
        });
        assert.equal(totalInputTokens(usage), prompt);
        assert.equal(totalOutputTokens(usage), completion);
        assert.equal(doubt, undefined);
      },
    ),
  );
});

test('property: whatever a provider writes, no kind is negative', () => {
  const wild = fc.dictionary(
    fc.constantFrom(
      'prompt_tokens',
      'completion_tokens',
      'total_tokens',
      'input_tokens',
      'output_tokens',
      'cache_creation_input_tokens',
    ),
    fc.oneof(fc.integer(), fc.double(), fc.constant(null), fc.string()),
  );
  const details = fc.dictionary(
    fc.constantFrom('cached_tokens', 'reasoning_tokens', 'audio_tokens', 'thinking_tokens'),
    fc.integer(),
  );
  fc.assert(
    fc.property(wild, details, (raw, parts) => {
      const object = {
        ...raw,
        prompt_tokens_details: parts,
        completion_tokens_details: parts,
        output_tokens_details: parts,
      };
      for (const { usage } of [readOpenaiUsage(object), readAnthropicUsage(object)])
        for (const count of Object.values(usage)) assert.ok(Number.isSafeInteger(count) && count > 0);
    }),
  );
});
