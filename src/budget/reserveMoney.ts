import { picoUsdOf } from '../catalog/money.ts';
import type { Config, Target } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { budgetExceeded, callTooExpensive, type LimitRefusal } from './errors.ts';
import { largest, smallest } from './extremes.ts';
import type { CountedModel } from './inputTokens.ts';
import { askedAnswers, askedOutputTokens } from './outputLimit.ts';
import type { TargetPricing } from './pricing.ts';
import type { PromptCounter } from './promptCounter.ts';
import type {
  SpendingAsk,
  SpendingDecision,
  SpendingLimits,
  SpendingRequest,
  SpendingState,
} from './spendingLimits.ts';
import type { Spender } from './spendingScope.ts';
import { worstCasePicoUsd } from './worstCase.ts';

export interface MoneyRequest {
  readonly request: ParsedRequest;
  /** Whoever may be asked; the first is asked first. */
  readonly targets: readonly [Target, ...Target[]];
  readonly spender: Spender;
  readonly config: Config;
  readonly pricingOf: (target: Target) => TargetPricing;
  /** What decides how the prompt is counted. */
  readonly countedModel: CountedModel | undefined;
  /** The alias's own limit of an answer. */
  readonly maxOutputTokens: number | undefined;
  readonly maxCostUsd: number | undefined;
  /** See `SpendingRequest`. */
  readonly expectedPicoUsd: bigint;
  readonly mayDowngrade: boolean;
}

/** Spending limits, those of a team included: its store has to be asked. */
export interface MoneyLimits extends Pick<SpendingLimits, 'left' | 'applied'> {
  /** Hears what others have spent; undefined where nothing is shared. */
  listen?(ask: SpendingAsk, config: Config): Promise<void> | undefined;
  reserve(request: SpendingRequest, config: Config): SpendingDecision | Promise<SpendingDecision>;
}

export type MoneyReserved = {
  readonly kind: 'reserved';
  readonly settle: (actualPicoUsd: bigint) => void;
  /** The answer has to be limited to this, for what is left to cover it. */
  readonly outputTokens?: number;
  /** What is held; zero where no limit can refuse the call. */
  readonly worstCasePicoUsd: bigint;
};

/** The call has to go to a lower tier. */
export interface Downgrade {
  readonly kind: 'downgrade';
  readonly state: SpendingState;
  /** What the client is told where there is none. */
  readonly refusal: LimitRefusal;
}

/** An answer that had to be shorter than this is not worth its prompt. */
const leastOutputTokens = 256;
/** What an answer is limited to where neither client nor catalogue bounds it; every current model takes that much. */
const usualOutputTokens = 4096;

/** Reserves the worst case of a call under every limit that applies to it, or says which limit does not cover it. */
export async function reserveMoney(
  money: MoneyRequest,
  spending: MoneyLimits,
  counter: PromptCounter,
): Promise<MoneyReserved | Downgrade | LimitRefusal> {
  const { config, spender, maxCostUsd, mayDowngrade, expectedPicoUsd } = money;
  const ask: SpendingAsk = { spender, limits: config.budgets, timeZone: config.reconcile.timezone };
  const heard = spending.listen?.(ask, config);
  if (heard !== undefined) await heard;
  const reserve = async (
    worst: bigint,
    more: { outputTokens?: number } = {},
  ): Promise<MoneyReserved | Downgrade | LimitRefusal> => {
    const request = { ...ask, worstCasePicoUsd: worst, expectedPicoUsd, mayDowngrade };
    const decision = await spending.reserve(request, config);
    if (decision.kind === 'reserved')
      return { kind: 'reserved', settle: decision.settle, worstCasePicoUsd: worst, ...more };
    const { state } = decision;
    const refusal = budgetExceeded(state, worst);
    return state.onExceed === 'downgrade' ? { kind: 'downgrade', state, refusal } : refusal;
  };
  const held = spending.left(ask);
  const left = smallest([...held.block, ...(maxCostUsd === undefined ? [] : [picoUsdOf(maxCostUsd)])]);
  const leftHere = mayDowngrade ? smallest(held.downgrade) : undefined;
  const bound = smallest([left, leftHere].filter((picoUsd) => picoUsd !== undefined));
  // Nothing can be refused, so nothing has to be held.
  if (bound === undefined) return reserve(0n);
  const worst = await worstCase(money, bound, counter);
  if (worst.picoUsd !== undefined && (left === undefined || worst.picoUsd <= left)) return reserve(worst.picoUsd);
  if (worst.picoUsd !== undefined && leftHere !== undefined && worst.picoUsd > leftHere) return reserve(worst.picoUsd);
  const outputTokens = worst.asksForLength ? 0 : affordableOutput(money, worst.inputTokens, bound);
  if (outputTokens >= leastOutputTokens)
    return reserve(costOfAll(money, worst.inputTokens, outputTokens) ?? bound, { outputTokens });
  const picoUsd = worst.picoUsd ?? costOfAll(money, worst.inputTokens, leastOutputTokens) ?? 0n;
  const isOverHeader = maxCostUsd !== undefined && picoUsd > picoUsdOf(maxCostUsd);
  return isOverHeader ? callTooExpensive(maxCostUsd, picoUsd) : reserve(picoUsd);
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
  const { request, targets, countedModel } = money;
  const asksForLength = askedOutputTokens(request, targets[0]) !== undefined;
  const outputTokens = longestOutput(money);
  const price = (inputTokens: number): WorstCase => ({
    inputTokens,
    picoUsd: outputTokens === undefined ? undefined : costOfAll(money, inputTokens, outputTokens),
    asksForLength,
  });
  const known = counter.known(request, countedModel, 'high');
  if (known !== undefined) return price(known.total);
  const bound = price(counter.atMost(request));
  if (bound.picoUsd !== undefined && bound.picoUsd * 4n <= left) return bound;
  return price((await counter.count(request, countedModel, 'high')).total);
}

/** Tokens of one answer at most, over all targets; undefined where one has no bound. */
function longestOutput({ request, targets, pricingOf, maxOutputTokens }: MoneyRequest): number | undefined {
  if (request.endpoint === 'embeddings') return 0;
  const bounds = targets.map((target) => {
    const known = [askedOutputTokens(request, target), maxOutputTokens, pricingOf(target).model.maxOutputTokens];
    return Math.min(...known.map((tokens) => tokens ?? Number.POSITIVE_INFINITY));
  });
  const longest = Math.max(...bounds);
  return Number.isFinite(longest) ? longest : undefined;
}

/** At the dearest target. `outputTokens` is of one answer. */
function costOfAll(
  { request, targets, pricingOf }: MoneyRequest,
  inputTokens: number,
  outputTokens: number,
): bigint | undefined {
  const costs = targets.flatMap(
    (target) =>
      worstCasePicoUsd(request, pricingOf(target).model, inputTokens, outputTokens * askedAnswers(request)) ?? [],
  );
  return largest(costs);
}

/** Tokens that one answer may have within `left`. */
function affordableOutput(money: MoneyRequest, inputTokens: number, left: bigint): number {
  const input = costOfAll(money, inputTokens, 0);
  const withAnswer = costOfAll(money, inputTokens, 1000);
  if (input === undefined || withAnswer === undefined || withAnswer <= input || left <= input) return 0;
  const tokens = Number(((left - input) * 1000n) / (withAnswer - input));
  return Math.min(tokens, longestOutput(money) ?? usualOutputTokens);
}
