import type { AttemptRow, CallRow } from '../../../src/ledger/rows.ts';

/** A call with every optional field absent. */
export function plainCall(id: string, overrides: Partial<CallRow> = {}): CallRow {
  return {
    id,
    workspaceId: 'w',
    startedAtMs: 1000,
    endedAtMs: 1500,
    endpoint: 'chat.completions',
    stream: false,
    metered: true,
    cache: 'miss',
    status: 200,
    overheadMs: 0.25,
    ...overrides,
  };
}

/** An attempt of one input and two output tokens for $0.000001. */
export function plainAttempt(callId: string, overrides: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id: `${callId}-${overrides.index ?? 0}`,
    callId,
    index: 0,
    provider: 'openai',
    model: 'gpt-4o',
    demo: false,
    serviceTier: 'standard',
    startedAtMs: 1001,
    endedAtMs: 1400,
    status: 200,
    usage: { input: 1, output: 2 },
    costStatus: 'exact',
    costPicoUsd: 1_000_000,
    priceId: 'openai/gpt-4o@2026-01-01',
    ...overrides,
  };
}
