import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countInputTokens } from '../../../src/batch/inputTokens.ts';
import type { TokenCount } from '../../../src/tokens/tokenCount.ts';
import type { JsonObject } from '../../../src/wire/json.ts';
import { known } from '../catalog/priceData.ts';

/** A token per word; exact for OpenAI's families as the real counter is. */
const counter = {
  count: async (texts: readonly string[], tokenizer: string | undefined): Promise<TokenCount[]> =>
    texts.map((text) => {
      const tokens = text.split(/\s+/).filter(Boolean).length;
      return tokenizer === 'o200k'
        ? { basis: 'exact', tokens }
        : { basis: 'estimated', tokens, low: tokens - 1, high: tokens + 1 };
    }),
};

async function tokensOf(model: string, body: JsonObject): Promise<unknown> {
  const [counted] = await countInputTokens([{ endpoint: '/v1/chat/completions', body, model: known(model) }], counter);
  return counted;
}

const words = { role: 'user', content: 'one two three' };

test('messages of OpenAI are exact, with what stands around them', async () => {
  assert.deepEqual(await tokensOf('gpt-4o', { messages: [words] }), { tokens: 10, atMost: 10, basis: 'exact' });
  assert.deepEqual(await tokensOf('claude-sonnet-4-5', { messages: [words] }), {
    tokens: 3 + 8,
    atMost: 4 + 8,
    basis: 'estimated',
  });
});

test('images count by the rule of the model, by their size where it is in the request', async () => {
  const png = Buffer.alloc(24);
  png.writeUInt32BE(0x89504e47, 0);
  png.writeUInt32BE(512, 16);
  png.writeUInt32BE(512, 20);
  const url = `data:image/png;base64,${png.toString('base64')}`;
  const withImage = (image_url: JsonObject) => ({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is this' },
          { type: 'image_url', image_url },
        ],
      },
    ],
  });
  assert.deepEqual(await tokensOf('gpt-4o', withImage({ url })), {
    tokens: 3 + 7 + 255,
    atMost: 265,
    basis: 'estimated',
  });
  assert.deepEqual(await tokensOf('gpt-4o', withImage({ url, detail: 'low' })), {
    tokens: 3 + 7 + 85,
    atMost: 95,
    basis: 'estimated',
  });
  // without a size: the largest that the model sees
  assert.deepEqual(await tokensOf('gpt-4o', withImage({ url: 'https://example.com/a.png' })), {
    tokens: 3 + 7 + 765,
    atMost: 775,
    basis: 'estimated',
  });
});

test('tools count their texts and what the provider writes around them', async () => {
  const tools = [{ type: 'function', function: { name: 'now', description: 'the time', parameters: {} } }];
  assert.deepEqual(await tokensOf('gpt-4o', { messages: [words], tools }), {
    tokens: 3 + 7 + 2 + 19,
    atMost: 31,
    basis: 'estimated',
  });
  assert.deepEqual(await tokensOf('claude-sonnet-4-5', { messages: [words], tools }), {
    tokens: 3 + 8 + 2 + 346 + 53,
    // One more for the message, one for the tool.
    atMost: 414,
    basis: 'estimated',
  });
});
