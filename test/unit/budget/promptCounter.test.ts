import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPromptCounter } from '../../../src/budget/promptCounter.ts';
import type { TokenCounter } from '../../../src/tokens/tokenCount.ts';
import type { ParsedRequest } from '../../../src/wire/parsedRequest.ts';
import { parseRequest } from '../../../src/wire/parseRequest.ts';

function requestOf(body: unknown): ParsedRequest {
  const read = parseRequest('chat.completions', Buffer.from(JSON.stringify(body)));
  assert.ok('request' in read);
  return read.request;
}

/** Counts characters, exactly for `o200k`, and remembers what it was asked. */
function characters() {
  const asked: string[] = [];
  const counter: Pick<TokenCounter, 'count'> = {
    count: async (texts, tokenizer) => {
      asked.push(...texts);
      return texts.map(({ length }) =>
        tokenizer === 'o200k'
          ? { basis: 'exact', tokens: length }
          : { basis: 'estimated', tokens: length, low: length, high: 2 * length },
      );
    },
  };
  return { asked, prompts: createPromptCounter(counter) };
}

const exactly = { id: '', tokenizer: 'o200k' };
const body = {
  model: 'm',
  messages: [
    { role: 'system', content: 'four' },
    { role: 'user', content: [{ type: 'text', text: 'seventy' }] },
  ],
};

test('a prompt is counted once for everybody who asks, also with other members beside its messages', async () => {
  const { asked, prompts } = characters();
  const request = requestOf(body);
  assert.equal(prompts.known(request, exactly, 'tokens'), undefined);
  const counted = await prompts.count(request, exactly, 'tokens');
  assert.deepEqual(counted, { messages: [4 + 4, 4 + 7], fixed: 4, total: 23 });
  const limited = { ...request, body: { ...request.body, max_tokens: 100 } };
  assert.deepEqual(prompts.known(limited, exactly, 'high'), counted);
  assert.deepEqual(await prompts.count(limited, exactly, 'high'), counted);
  assert.deepEqual(asked, ['four', 'seventy']);
});

test('another tokenizer, and other words beside the same messages, are counted for themselves', async () => {
  const { asked, prompts } = characters();
  const request = requestOf(body);
  await prompts.count(request, exactly, 'tokens');
  assert.equal(prompts.known(request, undefined, 'tokens'), undefined);
  assert.equal((await prompts.count(request, undefined, 'high')).total, 2 * 11 + 12);
  const withSchema = { ...request, body: { ...request.body, instructions: 'ten chars!' } };
  assert.equal(prompts.known(withSchema, exactly, 'tokens'), undefined);
  assert.equal((await prompts.count(withSchema, exactly, 'tokens')).total, 23 + 10);
  assert.equal(asked.length, 2 + 2 + 3);
});

test('no prompt has more tokens than its bound', async () => {
  const content = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'binary' }) }), { maxLength: 3 }),
  );
  const conversation = fc.record({
    messages: fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content }), { maxLength: 5 }),
    tools: fc.array(
      fc.record({ type: fc.constant('function'), function: fc.record({ name: fc.string(), parameters: fc.object() }) }),
      { maxLength: 2 },
    ),
  });
  const bytes: Pick<TokenCounter, 'count'> = {
    count: async (texts) => texts.map((text) => ({ basis: 'exact', tokens: Buffer.byteLength(text) })),
  };
  await fc.assert(
    fc.asyncProperty(conversation, async (parts) => {
      const request = requestOf({ model: 'm', ...parts });
      const prompts = createPromptCounter(bytes);
      const { total } = await prompts.count(request, { id: '', tokenizer: 'claude-3' }, 'high');
      assert.ok(total <= prompts.atMost(request));
    }),
    { numRuns: 200 },
  );
});
