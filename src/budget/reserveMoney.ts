import type { Catalog } from '../catalog/catalog.ts';
import { picoUsdOf } from '../catalog/money.ts';
import type { Config, Target } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { budgetExceeded, callTooExpensive, type LimitRefusal, modelUnpriced } from './errors.ts';
import { largest, smallest } from './extremes.ts';
import { askedAnswers, askedOutputTokens } from './outputLimit.ts';
import type { PromptCounter } from './promptCounter.ts';
import type { SpendingLimits } from './spendingLimits.ts';
import type { Spender } from './spendingScope.ts';
import { modelOf, worstCasePicoUsd } from './worstCase.ts';

export interface MoneyRequest {
  readonly request: ParsedRequest;
  /** Whoever may be asked; the first is asked first. */
  readonly targets: readonly [Target, ...Target[]];
  readonly spender: Spender;
  readonly config: Config;
  readonly catalog: Catalog;
  /** The alias's own limit of an answer. */
  readonly maxOutputTokens: number | undefined;
  readonly maxCostUsd: number | undefined;
}

export type MoneyReserved = {
  readonly kind: 'reserved';
  readonly settle: (actualPicoUsd: bigint) => void;
  /** The answer has to be limited to this, for what is left to cover it. */
  readonly outputTokens?: number;
  readonly isUnpriced: boolean;
};

/** An answer that had to be shorter than this is not worth its prompt. */
const leastOutputTokens = 256;

/** Reserves the worst case of a call under every limit that applies to it, or says which limit does not cover it. */
export async function reserveMoney(
  money: MoneyRequest,
  spending: SpendingLimits,
  counter: PromptCounter,
): Promise<MoneyReserved | LimitRefusal> {
  const { config, spender, targets, maxCostUsd } = money;
  const limits = config.budgets;
  const reserve = (
    worst: bigint,
    more: { outputTokens?: number; isUnpriced?: boolean } = {},
  ): MoneyReserved | LimitRefusal => {
    const decision = spending.reserve({ spender, limits, worstCasePicoUsd: worst });
    if (decision.kind === 'exceeded') return budgetExceeded(decision.state, worst);
    return { kind: 'reserved', settle: decision.settle, isUnpriced: false, ...more };
  };
  const applies = maxCostUsd !== undefined || spending.states(spender, limits).length > 0;
  if (!applies) return reserve(0n);
  const left = smallest([
    ...spending.affordablePicoUsd(spender, limits),
    ...(maxCostUsd === undefined ? [] : [picoUsdOf(maxCostUsd)]),
  ]);
  // Nothing can be refused, so nothing has to be held.
  if (left === undefined && config.prices.unpriced !== 'block') return reserve(0n, { isUnpriced: !isPriced(money) });
  if (!isPriced(money)) {
    if (config.prices.unpriced === 'block' || maxCostUsd !== undefined) return modelUnpriced(targets[0]);
    return reserve(0n, { isUnpriced: true });
  }
  if (left === undefined) return reserve(0n);
  const worst = await worstCase(money, left, counter);
  if (worst.picoUsd !== undefined && worst.picoUsd <= left) return reserve(worst.picoUsd);
  const outputTokens = worst.asksForLength ? 0 : affordableOutput(money, worst.inputTokens, left);
  if (outputTokens >= leastOutputTokens) {
    return reserve(costOfAll(money, worst.inputTokens, outputTokens) ?? left, { outputTokens });
  }
  const picoUsd = worst.picoUsd ?? costOfAll(money, worst.inputTokens, leastOutputTokens) ?? 0n;
  const isOverHeader = maxCostUsd !== undefined && picoUsd > picoUsdOf(maxCostUsd);
  return isOverHeader ? callTooExpensive(maxCostUsd, picoUsd) : reserve(picoUsd);
}

function isPriced({ catalog, targets: [first] }: MoneyRequest): boolean {
  return modelOf(catalog, first)?.price !== undefined;
}

interface WorstCase {
  readonly inputTokens: number;
  /** Undefined where nothing bounds the answer. */
  readonly picoUsd: bigint | undefined;
  /** The client said how long an answer may be: not ours to shorten. */
  readonly asksForLength: boolean;
}

/** Counts the prompt only where its bound by bytes would take a good part of what is left. */
async function worstCase(money: MoneyRequest, left: bigint, counter: PromptCounter): Promise<WorstCase> {
  const { request, targets, catalog } = money;
  const asksForLength = askedOutputTokens(request, targets[0]) !== undefined;
  const outputTokens = longestOutput(money);
  const price = (inputTokens: number): WorstCase => ({
    inputTokens,
    picoUsd: outputTokens === undefined ? undefined : costOfAll(money, inputTokens, outputTokens),
    asksForLength,
  });
  const model = modelOf(catalog, targets[0]);
  const known = counter.known(request, model, 'high');
  if (known !== undefined) return price(known.total);
  const bound = price(counter.atMost(request));
  if (bound.picoUsd !== undefined && bound.picoUsd * 4n <= left) return bound;
  return price((await counter.count(request, model, 'high')).total);
}

/** Tokens of one answer at most, over all targets; undefined where one has no bound. */
function longestOutput({ request, targets, catalog, maxOutputTokens }: MoneyRequest): number | undefined {
  if (request.endpoint === 'embeddings') return 0;
  const bounds = targets.map((target) => {
    const known = [askedOutputTokens(request, target), maxOutputTokens, modelOf(catalog, target)?.maxOutputTokens];
    return Math.min(...known.map((tokens) => tokens ?? Number.POSITIVE_INFINITY));
  });
  const longest = Math.max(...bounds);
  return Number.isFinite(longest) ? longest : undefined;
}

/** At the dearest target. `outputTokens` is of one answer. */
function costOfAll(
  { request, targets, catalog }: MoneyRequest,
  inputTokens: number,
  outputTokens: number,
): bigint | undefined {
  const costs = targets.flatMap(
    (target) =>
      worstCasePicoUsd(request, modelOf(catalog, target), inputTokens, outputTokens * askedAnswers(request)) ?? [],
  );
  return largest(costs);
}

/** Tokens that one answer may have within `left`. */
function affordableOutput(money: MoneyRequest, inputTokens: number, left: bigint): number {
  const input = costOfAll(money, inputTokens, 0);
  const withAnswer = costOfAll(money, inputTokens, 1000);
  if (input === undefined || withAnswer === undefined || withAnswer <= input || left <= input) return 0;
  const tokens = Number(((left - input) * 1000n) / (withAnswer - input));
  return Math.min(tokens, longestOutput(money) ?? tokens);
}
