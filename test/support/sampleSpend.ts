import type { CallWithAttempts, SpendSnapshot, SpendTotals } from '../../src/ledger/ledger.ts';
import type { AttemptRow, CallRow } from '../../src/ledger/rows.ts';

export const noTotals: SpendTotals = {
  calls: 0,
  unmeteredCalls: 0,
  failedCalls: 0,
  attempts: 0,
  unpricedAttempts: 0,
  estimatedAttempts: 0,
  demoAttempts: 0,
  inputTokens: 0,
  outputTokens: 0,
  costPicoUsd: '0',
  savedPicoUsd: '0',
  shadowSavedPicoUsd: '0',
  unpricedHits: 0,
  cacheOutcomes: {},
};

/** A day without calls. */
export const noSpend: SpendSnapshot = {
  workspaceId: 'workspace1',
  fromMs: Date.UTC(2026, 8, 22),
  toMs: Date.UTC(2026, 8, 23),
  totals: noTotals,
  byModel: [],
  byFeature: [],
  lastCalls: [],
};

const noonMs = Date.UTC(2026, 8, 22, 12);

/** A call with what a test cares about; the rest is unremarkable. */
export function sampleCall(
  call: Partial<CallRow> & Pick<CallRow, 'id'>,
  ...attempts: Partial<AttemptRow>[]
): CallWithAttempts {
  const startedAtMs = call.startedAtMs ?? noonMs;
  return {
    call: {
      workspaceId: 'workspace1',
      startedAtMs,
      endedAtMs: startedAtMs + 840,
      endpoint: 'chat.completions',
      stream: false,
      metered: true,
      cache: 'miss',
      status: 200,
      overheadMs: 0.8,
      ...call,
    },
    attempts: attempts.map((attempt, index) => ({
      id: `${call.id}-${index}`,
      callId: call.id,
      index,
      provider: 'openai',
      model: 'gpt-4o',
      demo: false,
      serviceTier: 'standard',
      startedAtMs: startedAtMs + 1,
      firstByteAtMs: startedAtMs + 310,
      endedAtMs: startedAtMs + 839,
      status: 200,
      usage: { input: 412, output: 60 },
      costStatus: 'exact',
      ...(attempt.costStatus === 'unpriced' || attempt.costStatus === 'notBilled'
        ? {}
        : { costPicoUsd: 1_630_000_000, priceId: 'openai/gpt-4o@2026-09-22' }),
      ...attempt,
    })),
  };
}

/** A busy day: every cache outcome, every cost status, errors, retries, names that try to be markup. */
export function busySpend(): SpendSnapshot {
  const at = (minutes: number): number => noonMs + minutes * 60_000;
  const lastCalls = [
    sampleCall(
      { id: 'c12', startedAtMs: at(51), feature: 'checkout', cacheReason: 'no answer to this request is kept' },
      {},
    ),
    sampleCall({
      id: 'c11',
      startedAtMs: at(49),
      cache: 'hitExact',
      savedPicoUsd: 1_630_000_000,
      model: 'openai/gpt-4o',
    }),
    sampleCall({
      id: 'c10',
      startedAtMs: at(47),
      cache: 'hitWording',
      savedPicoUsd: 310_000_000,
      model: 'openai/gpt-4o-mini',
      alias: 'cheap',
      modelRequested: 'cheap',
    }),
    sampleCall(
      {
        id: 'c9',
        startedAtMs: at(44),
        stream: true,
        alias: 'quality',
        modelRequested: 'quality',
        route: 'summaries',
        endpoint: 'messages',
      },
      {
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        status: 529,
        errorClass: 'overload',
        usage: {},
        costStatus: 'notBilled',
        costReason: 'the provider answered with an error',
      },
      {
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        usage: { input: 1_204, cacheRead: 8_192, output: 710 },
        costStatus: 'estimated',
        costReason: 'the stream ended before the provider reported its usage',
        costPicoUsd: 16_719_600_000,
        priceId: 'anthropic/claude-sonnet-4-5@2026-09-22',
      },
    ),
    sampleCall(
      { id: 'c8', startedAtMs: at(41), modelRequested: 'my-fine-tune', feature: 'search' },
      {
        model: 'my-fine-tune',
        costStatus: 'unpriced',
        costReason: 'no price is known for this model',
      },
    ),
    sampleCall({ id: 'c7', startedAtMs: at(38), cache: 'joined', savedPicoUsd: 1_630_000_000, model: 'openai/gpt-4o' }),
    sampleCall({ id: 'c6', startedAtMs: at(33), cache: 'shadowExact', savedPicoUsd: 1_630_000_000 }, {}),
    sampleCall(
      {
        id: 'c5',
        startedAtMs: at(31),
        status: 401,
        errorClass: 'auth',
        cache: 'bypass',
        cacheReason: 'errors are not kept',
      },
      {
        status: 401,
        errorClass: 'auth',
        usage: {},
        costStatus: 'notBilled',
        costReason: 'the provider refused the key',
      },
    ),
    sampleCall({
      id: 'c4',
      startedAtMs: at(20),
      metered: false,
      endpoint: 'other',
      cache: 'bypass',
      cacheReason: 'not an endpoint Tollgate reads',
    }),
    sampleCall(
      {
        id: 'c3',
        startedAtMs: at(12),
        modelRequested: '<img src=x onerror=alert(1)>',
        feature: '"><script>alert(2)</script>',
      },
      {
        model: '<img src=x onerror=alert(1)>',
        costStatus: 'unpriced',
        costReason: 'no price is known for this model',
      },
    ),
  ];
  return {
    ...noSpend,
    totals: {
      calls: 132,
      unmeteredCalls: 1,
      failedCalls: 3,
      attempts: 79,
      unpricedAttempts: 2,
      estimatedAttempts: 1,
      demoAttempts: 0,
      inputTokens: 1_204_331,
      outputTokens: 88_120,
      costPicoUsd: '1240000000000',
      savedPicoUsd: '612000000000',
      shadowSavedPicoUsd: '204000000000',
      unpricedHits: 0,
      cacheOutcomes: {
        hitExact: 41,
        hitWording: 12,
        joined: 4,
        shadowExact: 17,
        shadowWording: 3,
        miss: 50,
        bypass: 5,
      },
    },
    byModel: [
      group('openai/gpt-4o', 61, 31, '830000000000'),
      group('anthropic/claude-sonnet-4-5', 22, 8, '360000000000'),
      group('openai/gpt-4o-mini', 47, 18, '50000000000'),
      { ...group('openai/my-fine-tune', 1, 0, '0'), unpricedAttempts: 1 },
      { ...group('openai/<img src=x onerror=alert(1)>', 1, 0, '0'), unpricedAttempts: 1 },
    ],
    byFeature: [
      group('checkout', 58, 21, '702000000000'),
      group('search', 30, 17, '318000000000'),
      group(undefined, 43, 19, '220000000000'),
      { ...group('"><script>alert(2)</script>', 1, 0, '0'), unpricedAttempts: 1 },
    ],
    lastCalls,
  };
}

function group(key: string | undefined, calls: number, cacheHits: number, costPicoUsd: string) {
  return {
    key,
    calls,
    cacheHits,
    inputTokens: calls * 9_120,
    outputTokens: calls * 660,
    costPicoUsd,
    savedPicoUsd: '0',
    unpricedAttempts: 0,
  };
}
