import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createLimits, type LimitedAdmission, type LimitedRequest } from '../../../src/budget/createLimits.ts';
import { createPromptCounter } from '../../../src/budget/promptCounter.ts';
import { createSpendingLimits } from '../../../src/budget/spendingLimits.ts';
import { machineSpender } from '../../../src/budget/spendingScope.ts';
import { surelyCounting } from '../../../src/budget/surelyCounting.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import type { AliasConfig, SpendingLimit, Target } from '../../../src/config/config.ts';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import type { TokenCount, TokenCounter } from '../../../src/tokens/tokenCount.ts';
import type { JsonObject } from '../../../src/wire/json.ts';
import type { BodyEndpoint, ParsedRequest } from '../../../src/wire/parsedRequest.ts';
import { parseRequest } from '../../../src/wire/parseRequest.ts';

const catalog = loadCatalog(JSON.parse(readFileSync(join(import.meta.dirname, '../../../media/prices.json'), 'utf8')));
const mini: Target = { provider: 'openai', model: 'gpt-4o-mini' };
const large: Target = { provider: 'openai', model: 'gpt-4.1' };
const haiku: Target = { provider: 'anthropic', model: 'claude-haiku-4-5' };
/** One token per word. */
const words = (text: string): TokenCount => ({ basis: 'exact', tokens: text.split(/\s+/).filter(Boolean).length });

const alias = (more: Partial<AliasConfig> = {}): AliasConfig => ({
  targets: [mini],
  onOverflow: 'error',
  fallback: { on: [], maxAttempts: 1, deadlineMs: 1000 },
  ...more,
});
const dollar: SpendingLimit = { scope: 'workspace', limitUsd: 1, window: 'day', warnAt: [], onExceed: 'block' };

function requestOf(body: JsonObject, endpoint: BodyEndpoint = 'chat.completions'): ParsedRequest {
  const parsed = parseRequest(endpoint, Buffer.from(JSON.stringify(body)));
  assert.ok('request' in parsed);
  return parsed.request;
}
const chat = (content: string, more: JsonObject = {}): ParsedRequest =>
  requestOf({ model: 'cheap', messages: [{ role: 'user', content }], ...more });

function plannedFor(config: AliasConfig | undefined): readonly [Target, ...Target[]] {
  const [first = mini, ...rest] = config?.targets ?? [];
  return [first, ...rest];
}

interface Asking {
  readonly request: ParsedRequest;
  readonly alias?: AliasConfig;
  readonly target?: Target;
  readonly budgets?: readonly SpendingLimit[];
  readonly unpriced?: 'warn' | 'block' | 'estimate';
  readonly targets?: readonly [Target, ...Target[]];
  readonly isLocal?: boolean;
  readonly mayDowngrade?: boolean;
  readonly maxCostUsd?: number;
  readonly attribution?: LimitedRequest['attribution'];
  readonly route?: string;
}

function open() {
  const unpriced: string[] = [];
  const uncounted: unknown[] = [];
  let counted = 0;
  let failing = false;
  const spending = createSpendingLimits({ now: () => 0, history: () => 0n, onEvent: () => undefined });
  const counting: Pick<TokenCounter, 'count'> = {
    count: async (texts) => {
      if (failing) throw new Error('closed');
      counted++;
      return texts.map(words);
    },
  };
  const prompts = createPromptCounter(surelyCounting(counting, (error) => uncounted.push(error)));
  const limits = createLimits({
    catalogOf: () => catalog,
    prompts,
    spending,
    onUnpriced: (_, target) => unpriced.push(`${target.provider}/${target.model}`),
  });
  const admit = async (asking: Asking) => {
    const {
      request,
      alias: config,
      target,
      budgets = [],
      unpriced: policy,
      maxCostUsd,
      attribution = {},
      route,
      targets,
      isLocal = false,
      mayDowngrade = false,
    } = asking;
    const call: LimitedRequest = {
      workspaceId: 'w',
      request,
      alias: config === undefined ? undefined : { name: 'cheap', config },
      targets: targets ?? (target === undefined ? plannedFor(config) : [target]),
      attribution,
      route,
      config: { ...defaultConfig, budgets, prices: { ...defaultConfig.prices, unpriced: policy ?? 'warn' } },
      maxCostUsd,
      isLocal: () => isLocal,
      mayDowngrade,
    };
    return limits.admit(call);
  };
  return {
    admit,
    spending,
    unpriced,
    uncounted,
    counts: () => counted,
    failCounting: () => {
      failing = true;
    },
  };
}

const bodyOf = (admission: LimitedAdmission): JsonObject | undefined =>
  admission.kind === 'admitted' && admission.bytes !== undefined
    ? JSON.parse(Buffer.from(admission.bytes).toString())
    : undefined;

describe('answers', () => {
  const capped = alias({ maxOutputTokens: 1000 });

  test('a missing limit is set, a higher one lowered, a lower one left', async () => {
    const { admit } = open();
    const anthropic = { ...capped, targets: [haiku] };
    const local: Target = { provider: 'ollama', model: 'llama3.2' };
    const cases: [Asking, JsonObject | undefined][] = [
      [{ request: chat('q'), alias: capped }, { max_completion_tokens: 1000 }],
      [{ request: chat('q'), alias: { ...capped, targets: [local] } }, { max_tokens: 1000 }],
      [{ request: chat('q', { max_tokens: 4000 }), alias: capped }, { max_tokens: 1000 }],
      [{ request: chat('q', { max_completion_tokens: 10 }), alias: capped }, undefined],
      [{ request: requestOf({ input: 'q' }, 'responses'), alias: capped }, { max_output_tokens: 1000 }],
      [{ request: requestOf({ messages: [], max_tokens: 9999 }, 'messages'), alias: anthropic }, { max_tokens: 1000 }],
      [{ request: requestOf({ input: 'q' }, 'embeddings'), alias: capped }, undefined],
    ];
    for (const [asking, edits] of cases) {
      const admission = await admit(asking);
      assert.deepEqual(bodyOf(admission), edits === undefined ? undefined : { ...asking.request.body, ...edits });
    }
  });

  test('nothing but the member changes in the bytes', async () => {
    const { admit } = open();
    const bytes = Buffer.from(
      '{ "model":"cheap",  "max_tokens" : 5000, "messages":[{"role":"user","content":"é\\u00e9"}] }',
    );
    const parsed = parseRequest('chat.completions', bytes);
    assert.ok('request' in parsed);
    const admission = await admit({ request: parsed.request, alias: capped });
    assert.ok(admission.kind === 'admitted' && admission.bytes !== undefined);
    assert.equal(Buffer.from(admission.bytes).toString(), bytes.toString().replace('5000', '1000'));
  });
});

describe('prompts', () => {
  const long = 'word '.repeat(100);

  test('short ones are not even counted', async () => {
    const { admit, counts } = open();
    assert.equal((await admit({ request: chat('q'), alias: alias({ maxInputTokens: 50 }) })).kind, 'admitted');
    assert.equal(counts(), 0);
  });

  test('error: refused, naming the limit and what to do', async () => {
    const { admit } = open();
    const refused = await admit({ request: chat(long), alias: alias({ maxInputTokens: 50 }) });
    assert.ok(refused.kind === 'refused');
    assert.deepEqual([refused.status, refused.code], [400, 'context_length_exceeded']);
    assert.match(refused.message, /about 108 tokens.*"cheap" takes 50.*"maxInputTokens".*"onOverflow"/);
    assert.equal((await admit({ request: chat(long), alias: alias({ maxInputTokens: 108 }) })).kind, 'admitted');
  });

  test('truncate: the oldest messages go, and a header says how many', async () => {
    const { admit } = open();
    const messages = [
      { role: 'system', content: 'rules' },
      { role: 'user', content: long },
      { role: 'assistant', content: 'ok' },
      { role: 'user', content: 'the question' },
    ];
    const admission = await admit({
      request: requestOf({ model: 'cheap', messages, temperature: 0 }),
      alias: alias({ maxInputTokens: 60, onOverflow: 'truncate' }),
    });
    assert.ok(admission.kind === 'admitted');
    assert.deepEqual(bodyOf(admission), { model: 'cheap', messages: [messages[0], messages[3]], temperature: 0 });
    assert.deepEqual(admission.headers, [['x-tollgate-truncated', 'dropped=2;dropped-tokens=109;tokens=15']]);
  });

  test('truncate: the items of a Responses input go as messages do, calls with their outputs', async () => {
    const { admit } = open();
    const long = 'word '.repeat(50);
    const input = [
      { role: 'user', content: long },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: long },
      { role: 'user', content: 'now' },
    ];
    const admission = await admit({
      request: requestOf({ model: 'cheap', instructions: 'be brief', input }, 'responses'),
      alias: alias({ maxInputTokens: 40, onOverflow: 'truncate' }),
    });
    assert.ok(admission.kind === 'admitted' && admission.bytes !== undefined);
    const sent = JSON.parse(Buffer.from(admission.bytes).toString());
    assert.deepEqual([sent.input, sent.instructions], [[{ role: 'user', content: 'now' }], 'be brief']);
    assert.match(admission.headers?.[0]?.[1] ?? '', /^dropped=3;/);
  });

  test('truncate: what cannot be shortened is refused', async () => {
    const { admit } = open();
    const config = alias({ maxInputTokens: 50, onOverflow: 'truncate' });
    const alone = await admit({ request: chat(long), alias: config });
    const responses = await admit({ request: requestOf({ input: long }, 'responses'), alias: config });
    assert.ok(alone.kind === 'refused' && responses.kind === 'refused');
    assert.match(alone.message, /last instruction alone have about 108 tokens/);
    assert.match(responses.message, /Only conversations/);
  });

  test('largerTarget: the targets that fit, without the first', async () => {
    const { admit } = open();
    const config = alias({ targets: [mini, haiku, large], maxInputTokens: 50, onOverflow: 'largerTarget' });
    const admission = await admit({ request: chat(long), alias: config });
    assert.ok(admission.kind === 'admitted');
    assert.deepEqual(admission.targets, [haiku, large]);
    const huge = await admit({ request: chat('word '.repeat(300_000)), alias: config });
    assert.ok(huge.kind === 'admitted');
    assert.deepEqual(huge.targets, [large]);
    const alone = await admit({
      request: chat(long),
      alias: alias({ maxInputTokens: 50, onOverflow: 'largerTarget' }),
    });
    assert.ok(alone.kind === 'refused');
    assert.match(alone.message, /add a target with a larger context window/);
  });

  test('without a limit of its own, an alias that can act takes what its first target takes', async () => {
    const { admit } = open();
    const config = alias({ targets: [mini, large], onOverflow: 'largerTarget' });
    const fits = await admit({ request: chat('word '.repeat(100_000)), alias: config });
    const overflows = await admit({ request: chat('word '.repeat(130_000)), alias: config });
    assert.ok(fits.kind === 'admitted' && overflows.kind === 'admitted');
    assert.deepEqual([fits.targets, overflows.targets], [undefined, [large]]);
  });

  test('a counter that fails does not lift a limit', async () => {
    const { admit, failCounting, uncounted } = open();
    failCounting();
    const refused = await admit({ request: chat(long), alias: alias({ maxInputTokens: 50 }) });
    assert.ok(refused.kind === 'refused');
    assert.equal(uncounted.length, 1);
  });
});

describe('money', () => {
  test('the worst case is reserved and the cost settled', async () => {
    const { admit, spending } = open();
    // 1,000 answer tokens of gpt-4o-mini at $0.60 per million; 1,008 prompt tokens at $0.15.
    const admission = await admit({ request: chat('word '.repeat(1000), { max_tokens: 1000 }), budgets: [dollar] });
    const spender = machineSpender('w');
    const state = () => spending.states({ spender, limits: [dollar] })[0];
    const held = Number(state()?.reservedPicoUsd) / 1e12;
    assert.ok(held >= 0.0007512 && held < 0.0015, `${held}`);
    assert.ok(admission.kind === 'admitted' && admission.settle !== undefined);
    admission.settle(123_456_789);
    assert.deepEqual([state()?.reservedPicoUsd, state()?.spentPicoUsd], [0n, 123_456_789n]);
  });

  test('a call that may cost more than is left is refused with what the user has to know', async () => {
    const { admit } = open();
    const budgets = [{ ...dollar, limitUsd: 0.0005 }];
    const refused = await admit({ request: chat('word '.repeat(1000), { max_tokens: 1000 }), budgets });
    assert.ok(refused.kind === 'refused');
    assert.deepEqual([refused.status, refused.code], [402, 'budget_exceeded']);
    assert.match(
      refused.message,
      /limit of \$0\.00050 per day for this workspace.*\$0\.00 is spent.*up to \$0\.00075.*1970-01-02 00:00 UTC.*"limitUsd"/,
    );
  });

  test('near the limit the prompt is counted, far from it not', async () => {
    const { admit, counts } = open();
    const request = chat('word '.repeat(1000), { max_tokens: 1000 });
    const far = await admit({ request, budgets: [dollar] });
    assert.equal(counts(), 0);
    assert.ok(far.kind === 'admitted');
    far.settle?.(0);
    assert.equal((await admit({ request, budgets: [{ ...dollar, limitUsd: 0.0008 }] })).kind, 'admitted');
    assert.equal(counts(), 1);
  });

  test('an answer without a limit gets the one that what is left can pay', async () => {
    const { admit } = open();
    // gpt-4o-mini's longest answer is 16,384 tokens: $0.0098.
    const enough = await admit({ request: chat('q'), budgets: [dollar] });
    assert.equal(bodyOf(enough), undefined);
    assert.ok(enough.kind === 'admitted');
    enough.settle?.(0);
    const short = await admit({ request: chat('q'), budgets: [{ ...dollar, limitUsd: 0.001 }] });
    assert.ok(short.kind === 'admitted');
    const tokens = bodyOf(short)?.max_completion_tokens;
    assert.ok(typeof tokens === 'number' && tokens > 1600 && tokens <= 1667, `${tokens}`);
    assert.deepEqual(short.headers, [['x-tollgate-output-limit', `tokens=${tokens};reason=budget`]]);
    assert.equal((await admit({ request: chat('q'), budgets: [{ ...dollar, limitUsd: 0.0001 }] })).kind, 'refused');
  });

  test('the dearest of the targets counts', async () => {
    const { admit } = open();
    const request = chat('q', { max_tokens: 1000 });
    const budgets = [{ ...dollar, limitUsd: 0.002 }];
    assert.equal((await admit({ request, alias: alias(), budgets })).kind, 'admitted');
    assert.equal((await admit({ request, alias: alias({ targets: [mini, large] }), budgets })).kind, 'refused');
  });

  test('several answers, written caches and priority service make the worst case worse', async () => {
    const refusedAt = async (request: ParsedRequest, limitUsd: number, target?: Target) =>
      (await open().admit({ request, budgets: [{ ...dollar, limitUsd }], ...(target && { target }) })).kind ===
      'refused';
    assert.equal(await refusedAt(chat('q', { max_tokens: 1000 }), 0.001), false);
    assert.equal(await refusedAt(chat('q', { max_tokens: 1000, n: 2 }), 0.001), true);
    const marked = (ttl: string) =>
      requestOf(
        {
          max_tokens: 1,
          messages: [{ role: 'user', content: [{ type: 'text', text: 'w '.repeat(10_000), cache_control: { ttl } }] }],
        },
        'messages',
      );
    // Claude Haiku 4.5: $1 per million in, $1.25 written for 5 minutes, $2 for an hour.
    assert.equal(await refusedAt(marked('5m'), 0.0127, haiku), false);
    assert.equal(await refusedAt(marked('1h'), 0.0127, haiku), true);
  });

  describe('a model without a price', () => {
    const unknown = { target: { provider: 'openai', model: 'my-ft' }, request: chat('q', { max_tokens: 1000 }) };
    const spender = machineSpender('w');
    const dollars = (limitUsd: number): SpendingLimit => ({ ...dollar, limitUsd });
    /** The dearest of OpenAI's models. */
    const dearest = Math.max(
      ...[...catalog.models()].flatMap(({ provider, price }) =>
        provider === 'openai' ? [price?.usdPerMTok.output ?? 0, price?.longContext?.usdPerMTok.output ?? 0] : [],
      ),
    );

    test('is held and counted at the dearest price of its provider; with "warn" that is told once', async () => {
      for (const policy of ['warn', 'estimate'] as const) {
        const { admit, unpriced, spending } = open();
        const budgets = [dollars(100)];
        const first = await admit({ ...unknown, budgets, unpriced: policy });
        assert.ok(first.kind === 'admitted' && first.uncosted !== undefined && first.settle !== undefined);
        const held = spending.states({ spender, limits: budgets })[0]?.reservedPicoUsd ?? 0n;
        assert.ok(Number(held) >= 1000 * dearest * 1e6, `${held}`);
        assert.equal(first.uncosted({ provider: 'openai', usage: { output: 10 } }), 10 * dearest * 1e6);
        assert.equal(first.uncosted({ provider: 'openai', usage: {} }), Number(held));
        first.settle(0);
        assert.equal((await admit({ ...unknown, budgets, unpriced: policy })).kind, 'admitted');
        assert.deepEqual(unpriced, policy === 'warn' ? ['openai/my-ft'] : []);
      }
    });

    test('does not slip through a limit that its worst case passes', async () => {
      const refused = await open().admit({ ...unknown, budgets: [dollars(0.01)] });
      assert.ok(refused.kind === 'refused');
      assert.deepEqual([refused.status, refused.code], [402, 'budget_exceeded']);
    });

    test('gets an answer as long as the budget buys, and never one that its provider would refuse', async () => {
      const open1 = await open().admit({ ...unknown, request: chat('q'), budgets: [dollars(1)] });
      const tokens = Number(bodyOf(open1)?.max_completion_tokens);
      assert.ok(tokens > 256 && tokens <= 1e6 / dearest, `${tokens}`);
      const open2 = await open().admit({ ...unknown, request: chat('q'), budgets: [dollars(1_000_000)] });
      assert.equal(bodyOf(open2)?.max_completion_tokens, 4096);
    });

    test('is refused with "block", also where it would be asked second', async () => {
      const { admit } = open();
      const refused = await admit({ ...unknown, budgets: [dollar], unpriced: 'block' });
      assert.ok(refused.kind === 'refused');
      assert.deepEqual([refused.status, refused.code], [402, 'model_unpriced']);
      assert.match(refused.message, /openai\/my-ft.*"prices\.overrides"/);
      const targets = [mini, unknown.target] as const;
      const second = await admit({ request: unknown.request, targets, budgets: [dollar], unpriced: 'block' });
      assert.ok(second.kind === 'admitted');
      assert.deepEqual(second.targets, [mini]);
      assert.equal((await admit({ ...unknown, unpriced: 'block' })).kind, 'admitted');
    });

    test('costs nothing where it runs on this machine', async () => {
      const { admit, unpriced } = open();
      const target: Target = { provider: 'ollama', model: 'llama3.2' };
      for (const policy of ['warn', 'block'] as const) {
        const admission = await admit({
          request: chat('q'),
          target,
          isLocal: true,
          budgets: [dollars(0.000001)],
          unpriced: policy,
        });
        assert.equal(admission.kind, 'admitted');
        assert.equal(bodyOf(admission), undefined);
      }
      assert.deepEqual(unpriced, []);
    });
  });

  test('a limit that downgrades sends a call down that it does not cover, and only where that is possible', async () => {
    const { admit } = open();
    const request = chat('q', { max_tokens: 1000 });
    const downgrade: SpendingLimit = { ...dollar, limitUsd: 0.0001, onExceed: 'downgrade', downgradeTo: 'tiny' };
    const down = await admit({ request, budgets: [downgrade], mayDowngrade: true });
    assert.ok(down.kind === 'downgrade');
    assert.deepEqual([down.scope, down.to, down.refusal.status], ['workspace', 'tiny', 402]);
    assert.match(down.refusal.message, /limit of \$0\.00010 per day for this workspace does not cover this call/);
    assert.equal((await admit({ request, budgets: [downgrade], mayDowngrade: false })).kind, 'admitted');
    const both = [{ ...dollar, limitUsd: 0.0001 }, downgrade];
    assert.equal((await admit({ request, budgets: both, mayDowngrade: true })).kind, 'downgrade');
    assert.equal((await admit({ request, budgets: both, mayDowngrade: false })).kind, 'refused');
    const ample = await admit({ request, budgets: [{ ...downgrade, limitUsd: 1 }], mayDowngrade: true });
    assert.equal(ample.kind, 'admitted');
  });

  test('a limit that only warns holds what such calls have cost by experience, a limit that blocks their worst case', async () => {
    const { admit, spending } = open();
    const warns: SpendingLimit = { ...dollar, limitUsd: 1, warnAt: [0.5], onExceed: 'warn' };
    const request = chat('q', { max_tokens: 1000 });
    for (let call = 0; call < 30; call++) {
      const made = await admit({ request, budgets: [warns] });
      assert.ok(made.kind === 'admitted');
      made.settle?.(1_000_000 * (call + 1));
    }
    const [applied] = spending.applied({ spender: machineSpender('w'), limits: [warns] });
    assert.equal(applied?.counter.expected, 0n);
    const under = await admit({ request, budgets: [warns] });
    assert.deepEqual([applied?.counter.expected, applied?.counter.reserved], [30_000_000n, 0n]);
    assert.ok(under.kind === 'admitted');
    under.settle?.(0);
    assert.equal(applied?.counter.expected, 0n);
  });

  test('a limit of a route or branch is for calls that were routed or made there', async () => {
    const { admit } = open();
    const request = chat('q', { max_tokens: 1000 });
    const budgets = ['route:code', 'branch:main'].map((scope) => ({ ...dollar, scope, limitUsd: 0.000001 }));
    assert.equal((await admit({ request, budgets })).kind, 'admitted');
    assert.equal((await admit({ request, budgets, route: 'chat', attribution: { branch: 'fix' } })).kind, 'admitted');
    for (const made of [{ route: 'code' }, { attribution: { branch: 'main' } }]) {
      const refused = await admit({ request, budgets, ...made });
      assert.ok(refused.kind === 'refused');
      assert.equal(refused.code, 'budget_exceeded');
    }
  });

  test("a client's own limit of one call", async () => {
    const { admit } = open();
    const request = chat('q', { max_tokens: 1000 });
    assert.equal((await admit({ request, maxCostUsd: 0.01 })).kind, 'admitted');
    const refused = await admit({ request, maxCostUsd: 0.0001 });
    assert.ok(refused.kind === 'refused');
    assert.deepEqual([refused.status, refused.code], [402, 'call_too_expensive']);
  });

  test('counting tokens is never limited, and no limits means no work', async () => {
    const { admit, counts } = open();
    const budgets = [{ ...dollar, limitUsd: 0.000001 }];
    const request = requestOf({ messages: [] }, 'messages.count_tokens');
    assert.deepEqual(await admit({ request, budgets, target: haiku }), { kind: 'admitted' });
    assert.deepEqual(await admit({ request: chat('q') }), { kind: 'admitted' });
    assert.equal(counts(), 0);
  });

  test('200 calls at once on a dollar settle at a dollar at most', async () => {
    const { admit, spending } = open();
    const request = chat('word '.repeat(200), { max_tokens: 16_000 });
    const calls = await Promise.all(Array.from({ length: 200 }, () => admit({ request, budgets: [dollar] })));
    const made = calls.filter((call) => call.kind === 'admitted');
    assert.ok(made.length > 50 && made.length < 200, `${made.length}`);
    for (const call of made) if (call.kind === 'admitted') call.settle?.(9_600_000_000);
    const spender = machineSpender('w');
    const [state] = spending.states({ spender, limits: [dollar] });
    assert.ok((state?.spentPicoUsd ?? 0n) <= 1_000_000_000_000n);
    assert.equal(state?.reservedPicoUsd, 0n);
  });
});
