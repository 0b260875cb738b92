import type { ServiceTier } from '../../../../src/catalog/price.ts';
import { addUsage, type Usage } from '../../../../src/catalog/usage.ts';
import type { ProviderReport, ReportedCost, ReportedUsage } from '../../../../src/ledger/reconcile/providerReport.ts';
import type { AttemptRow, CallRow } from '../../../../src/ledger/rows.ts';
import { plainAttempt, plainCall } from '../rowsForTests.ts';

/** USD per million tokens, as the ledger's price list has them; whole numbers of picodollars per token. */
const prices = {
  'gpt-4o-2024-08-06': { input: 2.5, cacheRead: 1.25, output: 10 },
  'gpt-4o-mini-2024-07-18': { input: 0.15, cacheRead: 0.075, output: 0.6 },
  'gpt-4.1-2025-04-14': { input: 2, cacheRead: 0.5, output: 8 },
} as const;
type Model = keyof typeof prices;
const models: readonly Model[] = ['gpt-4o-2024-08-06', 'gpt-4o-mini-2024-07-18', 'gpt-4.1-2025-04-14'];

export interface Planted {
  readonly bypass: bigint;
  readonly missing: bigint;
  readonly price: bigint;
}

export interface SyntheticMonth {
  readonly report: ProviderReport;
  readonly rows: Iterable<{ readonly call: CallRow; readonly attempts: readonly AttemptRow[] }>;
  /** What the provider bills more than the ledger has, by cause, in picodollars, to the last one. */
  readonly planted: Planted;
  readonly firstMs: number;
}

const dayMs = 86_400_000;
const keyOfProxy = 'key_proxy';
const keyOfOthers = 'key_other';

/** Repeatable numbers in [0, 1): a linear congruential generator with Knuth's MMIX constants. */
function createRandom(seed: bigint): () => number {
  let state = seed;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return Number(state >> 11n) / 2 ** 53;
  };
}

function picoUsdOf(model: Model, usage: Usage, factor: number): bigint {
  const price = prices[model];
  const tokens = (kind: 'input' | 'cacheRead' | 'output') =>
    (usage[kind] ?? 0) * Math.round(price[kind] * 1_000_000 * factor);
  return BigInt(tokens('input') + tokens('cacheRead') + tokens('output'));
}

/**
 * Thirty days of calls as a provider saw them, and the ledger of a proxy that lacks some of them: 4 % went past it with
 * another key, 2 % of its own rows are lost, and from the 16th day one model costs a quarter more than the list says.
 */
export function syntheticMonth(calls: number, seed: bigint): SyntheticMonth {
  const random = createRandom(seed);
  const firstMs = Date.parse('2026-10-01T00:00:00Z');
  const usage = new Map<string, ReportedUsage>();
  const costs = new Map<string, ReportedCost>();
  const rows: { call: CallRow; attempts: AttemptRow[] }[] = [];
  const planted = { bypass: 0n, missing: 0n, price: 0n };
  for (let index = 0; index < calls; index += 1) {
    const atMs = firstMs + Math.floor(random() * 30 * dayMs);
    const day = new Date(atMs).toISOString().slice(0, 10);
    const model = models[Math.floor(random() * models.length)] ?? 'gpt-4o-2024-08-06';
    const tokens: Usage = {
      input: Math.floor(random() * 4000) + 20,
      cacheRead: random() < 0.3 ? Math.floor(random() * 2000) : 0,
      output: Math.floor(random() ** 3 * 3000) + 1,
    };
    const fate = random();
    const bypass = fate < 0.04;
    const missing = !bypass && fate < 0.06;
    const dearer = model === 'gpt-4.1-2025-04-14' && day >= '2026-10-16' ? 1.25 : 1;
    const atList = picoUsdOf(model, tokens, 1);
    const billed = picoUsdOf(model, tokens, dearer);
    addTo(usage, costs, { day, model, tokens, billed, keyId: bypass ? keyOfOthers : keyOfProxy });
    planted.price += billed - atList;
    if (bypass) planted.bypass += atList;
    else if (missing) planted.missing += atList;
    else rows.push(rowOf(`call-${index}`, atMs, model, tokens, atList));
  }
  return { report: { usage: [...usage.values()], costs: [...costs.values()] }, rows, planted, firstMs };
}

interface Billed {
  readonly day: string;
  readonly model: string;
  readonly tokens: Usage;
  readonly billed: bigint;
  readonly keyId: string;
}

function addTo(usage: Map<string, ReportedUsage>, costs: Map<string, ReportedCost>, call: Billed): void {
  const { day, model, tokens, billed, keyId } = call;
  const tier: ServiceTier = 'standard';
  const key = `${day} ${model} ${keyId}`;
  const known = usage.get(key);
  usage.set(key, {
    day,
    model,
    tier,
    keyId,
    usage: addUsage(known?.usage ?? {}, tokens),
    requests: (known?.requests ?? 0) + 1,
  });
  const item = `${model}, input`;
  costs.set(key, { day, model, item, keyId, picoUsd: (costs.get(key)?.picoUsd ?? 0n) + billed });
}

function rowOf(id: string, atMs: number, model: Model, usage: Usage, picoUsd: bigint) {
  const call = plainCall(id, { startedAtMs: atMs, endedAtMs: atMs + 900, workspaceId: `w${id.length % 2}` });
  const attempt = plainAttempt(id, {
    model,
    usage,
    costPicoUsd: Number(picoUsd),
    startedAtMs: atMs,
    endedAtMs: atMs + 800,
  });
  return { call, attempts: [attempt] };
}
