import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { groupItems } from '../../../src/budget/responseItems.ts';
import { truncateMessages } from '../../../src/budget/truncateMessages.ts';
import type { JsonObject, JsonValue } from '../../../src/wire/json.ts';

type Message = { role: string; [key: string]: JsonValue };
const user = (content: JsonValue): Message => ({ role: 'user', content });
const assistant = (content: JsonValue): Message => ({ role: 'assistant', content });
const system = (content: string): Message => ({ role: 'system', content });

/** One step of a conversation, in both dialects. */
type Step =
  | { readonly kind: 'user' | 'assistant' | 'system'; readonly text: string }
  | { readonly kind: 'tools'; readonly ids: readonly string[]; readonly says: string };

function openaiMessages(steps: readonly Step[]): Message[] {
  return steps.flatMap((step): Message[] => {
    if (step.kind !== 'tools') return [{ role: step.kind, content: step.text }];
    const calls = step.ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } }));
    return [
      { role: 'assistant', content: null, tool_calls: calls },
      ...step.ids.map((id): Message => ({ role: 'tool', tool_call_id: id, content: 'r' })),
    ];
  });
}

function anthropicMessages(steps: readonly Step[]): Message[] {
  return steps.flatMap((step): Message[] => {
    if (step.kind === 'system') return [];
    if (step.kind !== 'tools') return [{ role: step.kind, content: [{ type: 'text', text: step.text }] }];
    const results = step.ids.map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'r' }));
    return [
      assistant(step.ids.map((id) => ({ type: 'tool_use', id, name: 'f', input: {} }))),
      user([...results, ...(step.says === '' ? [] : [{ type: 'text', text: step.says }])]),
    ];
  });
}

const word = fc.string({ minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('user' as const), text: word }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('assistant' as const), text: word }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('system' as const), text: word }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('tools' as const),
      ids: fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 3 }),
      says: fc.oneof(fc.constant(''), word),
    }),
  },
);

const conversation = fc
  .tuple(fc.record({ kind: fc.constant('user' as const), text: word }), fc.array(step, { maxLength: 25 }))
  .map(([first, rest]): Step[] => [{ kind: 'system', text: 'rules' }, first, ...rest]);

const blocks = (message: JsonObject): readonly JsonObject[] =>
  Array.isArray(message.content)
    ? message.content.filter((block): block is JsonObject => typeof block === 'object')
    : [];

/** Ids of calls and of results, as each API pairs them. */
function pairs(messages: readonly Message[]): { calls: string[]; results: string[] } {
  const calls: string[] = [];
  const results: string[] = [];
  for (const message of messages) {
    for (const call of Array.isArray(message.tool_calls) ? message.tool_calls : []) calls.push(String(call.id));
    if (message.role === 'tool') results.push(String(message.tool_call_id));
    for (const block of blocks(message)) {
      if (block.type === 'tool_use') calls.push(String(block.id));
      if (block.type === 'tool_result') results.push(String(block.tool_use_id));
    }
  }
  return { calls, results };
}

function instructs(message: Message): boolean {
  if (message.role !== 'user') return false;
  return typeof message.content === 'string' || blocks(message).some((block) => block.type !== 'tool_result');
}

for (const [dialect, messagesOf] of [
  ['OpenAI chat', openaiMessages],
  ['Anthropic messages', anthropicMessages],
] as const) {
  describe(dialect, () => {
    test('never over the limit, no torn pair, system prompts and last instruction kept, oldest dropped first', () => {
      fc.assert(
        fc.property(conversation, fc.nat(400), fc.integer({ min: 1, max: 30 }), (steps, maxTokens, each) => {
          const messages = messagesOf(steps);
          const tokens = messages.map((_, index) => each + (index % 7));
          const sum = (some: readonly Message[]) =>
            some.reduce((all, one) => all + (tokens[messages.indexOf(one)] ?? 0), 5);
          const result = truncateMessages({ messages, tokens, fixedTokens: 5, maxTokens });
          if (result.kind === 'impossible') {
            assert.ok(result.tokens > maxTokens);
            return;
          }
          const kept = messages.filter((message) => result.messages.includes(message));
          assert.deepEqual(kept, result.messages);
          assert.equal(result.dropped, messages.length - kept.length);
          assert.equal(result.tokens, sum(kept));
          assert.ok(result.tokens <= maxTokens);
          const { calls, results } = pairs(kept);
          assert.deepEqual(calls, results);
          for (const message of messages) if (message.role === 'system') assert.ok(kept.includes(message));
          const last = messages.findLast(instructs);
          assert.ok(last !== undefined && kept.includes(last));
          assert.equal(kept.at(-1), messages.at(-1));
          const first = kept.find((message) => message.role !== 'system');
          assert.ok(first?.role === 'user' && pairs([first]).results.length === 0);
          if (sum(messages) <= maxTokens) assert.equal(result.dropped, 0);
        }),
        { numRuns: 500 },
      );
    });
  });
}

test('drops no more than it has to', () => {
  const messages = [user('1'), assistant('a'), user('2'), assistant('b'), user('3')];
  const fit = (maxTokens: number) => {
    const result = truncateMessages({ messages, tokens: [10, 10, 10, 10, 10], fixedTokens: 0, maxTokens });
    return result.kind === 'fits' ? result.messages : result;
  };
  assert.deepEqual(fit(50), messages);
  assert.deepEqual(fit(49), messages.slice(2));
  assert.deepEqual(fit(29), messages.slice(4));
  assert.deepEqual(fit(9), { kind: 'impossible', tokens: 10 });
});

test('within the last turn old tool calls go with their results; the question and the last result stay', () => {
  const messages = openaiMessages([
    { kind: 'system', text: 's' },
    { kind: 'user', text: 'old' },
    { kind: 'assistant', text: 'old' },
    { kind: 'user', text: 'question' },
    { kind: 'tools', ids: ['a', 'b'], says: '' },
    { kind: 'tools', ids: ['c'], says: '' },
  ]);
  const result = truncateMessages({ messages, tokens: messages.map(() => 10), fixedTokens: 0, maxTokens: 40 });
  assert.ok(result.kind === 'fits');
  assert.deepEqual(result.messages, [messages[0], messages[3], messages[7], messages[8]]);
  assert.deepEqual([result.dropped, result.tokens], [5, 40]);
});

test('a system prompt in the middle stays where its turn goes', () => {
  const messages = [user('1'), system('be brief'), assistant('a'), user('2')];
  const result = truncateMessages({ messages, tokens: [10, 10, 10, 10], fixedTokens: 0, maxTokens: 20 });
  assert.ok(result.kind === 'fits');
  assert.deepEqual(result.messages, [system('be brief'), user('2')]);
});

const itemsOf = (steps: readonly Step[]): Message[] =>
  steps.flatMap((step): Message[] => {
    if (step.kind === 'assistant')
      return [{ role: 'assistant', type: 'message', content: [{ type: 'output_text', text: step.text }] }];
    if (step.kind !== 'tools') return [{ role: step.kind, content: step.text }];
    return [
      { role: '', type: 'reasoning', id: `r${step.ids[0]}`, summary: [] },
      ...step.ids.map((id): Message => ({ role: '', type: 'function_call', call_id: id, name: 'f', arguments: '{}' })),
      ...step.ids.map((id): Message => ({ role: '', type: 'function_call_output', call_id: id, output: 'r' })),
    ];
  });

describe('OpenAI Responses', () => {
  test('never over the limit, no torn pair, no thought without what it led to, system and last instruction kept', () => {
    fc.assert(
      fc.property(conversation, fc.nat(400), fc.integer({ min: 1, max: 30 }), (steps, maxTokens, each) => {
        const messages = itemsOf(steps);
        const tokens = messages.map((_, index) => each + (index % 7));
        const result = truncateMessages({ messages, groups: groupItems(messages), tokens, fixedTokens: 5, maxTokens });
        if (result.kind === 'impossible') {
          assert.ok(result.tokens > maxTokens);
          return;
        }
        const kept = messages.filter((message) => result.messages.includes(message));
        assert.deepEqual(kept, result.messages);
        const sum = kept.reduce((all, one) => all + (tokens[messages.indexOf(one)] ?? 0), 5);
        assert.equal(result.tokens, sum);
        assert.ok(sum <= maxTokens);
        const ids = (type: string) => kept.filter((item) => item.type === type).map((item) => String(item.call_id));
        assert.deepEqual(ids('function_call'), ids('function_call_output'));
        for (const [index, item] of kept.entries())
          if (item.type === 'reasoning') assert.equal(kept[index + 1]?.type, 'function_call');
        for (const item of messages) if (item.role === 'system') assert.ok(kept.includes(item));
        const last = messages.findLast((item) => item.role === 'user');
        assert.ok(last !== undefined && kept.includes(last));
        assert.equal(kept.find((item) => item.role !== 'system')?.role, 'user');
      }),
      { numRuns: 500 },
    );
  });
});

test('pinned messages stay, and with them the instruction they answer', () => {
  const messages = [user('1'), assistant('a'), user('2'), assistant('b'), user('3'), assistant('c'), user('4')];
  const fit = (pins: number[], maxTokens: number) => {
    const result = truncateMessages({ messages, pins, tokens: messages.map(() => 10), fixedTokens: 0, maxTokens });
    return result.kind === 'fits'
      ? result.messages.map((message) => messages.indexOf(message as Message))
      : result.kind;
  };
  assert.deepEqual(fit([3], 30), [2, 3, 6]);
  assert.deepEqual(fit([0, -2], 40), [0, 4, 5, 6]);
  assert.equal(fit([0, 1, 2, 3], 40), 'impossible');
});

test('what is before a cache breakpoint goes last, and it is said when it goes', () => {
  const mark = [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }];
  const messages = [user('1'), assistant(mark), user('2'), assistant('b'), user('3'), assistant('c'), user('4')];
  const fit = (maxTokens: number) => {
    const result = truncateMessages({ messages, tokens: messages.map(() => 10), fixedTokens: 0, maxTokens });
    assert.ok(result.kind === 'fits');
    return [result.messages.map((message) => messages.indexOf(message as Message)), result.lostCachedPrefix];
  };
  assert.deepEqual(fit(50), [[0, 1, 4, 5, 6], false]);
  assert.deepEqual(fit(30), [[0, 1, 6], false]);
  assert.deepEqual(fit(20), [[6], true]);
});

test('a long conversation is cut at the same place while it grows, so that its beginning can be cached', () => {
  const cuts = new Set<number>();
  let calls = 0;
  for (let turns = 100; turns < 120; turns++) {
    const messages = Array.from({ length: 2 * turns + 1 }, (_, n) => (n % 2 === 0 ? user(`${n}`) : assistant(`${n}`)));
    const result = truncateMessages({ messages, tokens: messages.map(() => 50), fixedTokens: 0, maxTokens: 10_000 });
    assert.ok(result.kind === 'fits' && result.tokens <= 10_000 && result.tokens > 8000);
    cuts.add(result.dropped);
    calls++;
  }
  assert.deepEqual([calls, cuts.size], [20, 2]);
});
