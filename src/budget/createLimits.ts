import type { Catalog } from '../catalog/catalog.ts';
import type { AliasConfig, Config, Target } from '../config/config.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type BodyEdits, editedBytes, withEdits } from './bodyEdits.ts';
import { createDearestModel } from './dearestModel.ts';
import { type LimitRefusal, modelUnpriced } from './errors.ts';
import { type FittedInput, fitInput } from './fitInput.ts';
import { createMeasuredCosts } from './measuredCosts.ts';
import { limitOutput } from './outputLimit.ts';
import { pricingOf, type TargetPricing } from './pricing.ts';
import type { PromptCounter } from './promptCounter.ts';
import { type Downgrade, type MoneyLimits, reserveMoney } from './reserveMoney.ts';
import type { Spender } from './spendingScope.ts';
import { type UncostedAttempt, uncostedPicoUsd } from './uncostedAttempt.ts';
import { modelOf } from './worstCase.ts';

export interface LimitsDeps {
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly prompts: PromptCounter;
  readonly spending: MoneyLimits;
  /** A call under a spending limit whose cost cannot be known; told once per model. */
  readonly onUnpriced: (workspaceId: string, target: Target) => void;
}

/** A call that asks to be made. */
export interface LimitedRequest {
  readonly workspaceId: string;
  readonly request: ParsedRequest;
  readonly alias: { readonly name: string; readonly config: AliasConfig } | undefined;
  /** Whoever may be asked; the first is asked first. */
  readonly targets: readonly [Target, ...Target[]];
  readonly attribution: {
    readonly userPseudonym?: string;
    readonly feature?: string;
    readonly session?: string;
    readonly branch?: string;
    readonly testRun?: string;
  };
  /** What routed the call, where it asked to be routed. */
  readonly route: string | undefined;
  readonly config: Config;
  readonly maxCostUsd: number | undefined;
  /** Messages that the client wants kept, by their place. */
  readonly pins?: readonly number[];
  /** A target that runs on the user's own machine: without a price it costs nothing. */
  readonly isLocal?: (target: Target) => boolean;
  /** The caller can send the call to a lower tier where a limit asks for it; else such a limit does not hold it back. */
  readonly mayDowngrade?: boolean;
}

type Header = readonly [name: string, value: string];

export type LimitedAdmission =
  | {
      readonly kind: 'admitted';
      readonly bytes?: Uint8Array;
      /** What `bytes` say. */
      readonly body?: JsonObject;
      readonly headers?: readonly Header[];
      /** Ask only these targets, in this order; absent = as planned. */
      readonly targets?: readonly Target[];
      readonly settle?: (picoUsd: number) => void;
      /** What limits count an attempt at whose cost is not known; added to what is settled. Picodollars. */
      readonly uncosted?: (attempt: UncostedAttempt) => number;
    }
  | {
      readonly kind: 'downgrade';
      /** Of the limit that asks for it, `workspace`. */
      readonly scope: string;
      /** The alias to go to; absent = the next lower tier. */
      readonly to?: string;
      readonly refusal: LimitRefusal;
    }
  | LimitRefusal;

/** Token limits and spending limits of a workspace's configuration, asked before each call. */
export interface CallLimits {
  admit(call: LimitedRequest): Promise<LimitedAdmission> | LimitedAdmission;
}

/** `dropped=12;dropped-tokens=8400;tokens=7900` */
function truncatedText({
  dropped,
  droppedTokens,
  tokens,
  lostCachedPrefix,
}: NonNullable<FittedInput['truncated']>): string {
  const text = `dropped=${dropped};dropped-tokens=${droppedTokens};tokens=${tokens}`;
  return lostCachedPrefix ? `${text};cached-prefix=lost` : text;
}

/** `tokens=1000;reason=alias` */
function outputHeader(tokens: number, reason: 'alias' | 'budget'): Header {
  return ['x-tollgate-output-limit', `tokens=${tokens};reason=${reason}`];
}

/** Those that have a price, where the first has one: who is asked only when it fails must not slip through either. */
function pricedOnly(
  [first, ...rest]: readonly [Target, ...Target[]],
  priced: (target: Target) => TargetPricing,
): readonly [Target, ...Target[]] | LimitRefusal {
  if (priced(first).basis === 'dearest') return modelUnpriced(first);
  return [first, ...rest.filter((target) => priced(target).basis !== 'dearest')];
}

function spenderOf({ workspaceId, attribution, route }: LimitedRequest): Spender {
  const { userPseudonym: user, feature, session, branch, testRun } = attribution;
  return { workspaceId, user, feature, session, route, branch, testRun };
}

const admitted: LimitedAdmission = { kind: 'admitted' };

interface Shaped {
  readonly kind: 'shaped';
  readonly request: ParsedRequest;
  readonly edits: BodyEdits;
  readonly headers: readonly Header[];
  readonly targets: readonly [Target, ...Target[]];
  /** Present where the plan has to be narrowed to these. */
  readonly narrowed?: readonly Target[];
}

interface Paid {
  readonly kind: 'paid';
  readonly edits: BodyEdits;
  readonly headers: readonly Header[];
  readonly settle: (picoUsd: number) => void;
  readonly uncosted: (attempt: UncostedAttempt) => number;
  /** Present where the plan has to be narrowed to these. */
  readonly narrowed?: readonly Target[];
}

export function createLimits(deps: LimitsDeps): CallLimits {
  const unpricedTold = new Set<string>();
  const dearest = createDearestModel();
  const measured = createMeasuredCosts();
  return {
    admit(call) {
      const { alias, config, maxCostUsd, request } = call;
      const hasLimits = config.budgets.length > 0 || maxCostUsd !== undefined;
      // Counting tokens costs nothing anywhere.
      if ((alias === undefined && !hasLimits) || request.endpoint === 'messages.count_tokens') return admitted;
      return admitLimited(call, hasLimits);
    },
  };

  async function admitLimited(call: LimitedRequest, hasLimits: boolean): Promise<LimitedAdmission> {
    const catalog = deps.catalogOf(call.workspaceId);
    const shaped = await shape(call, catalog);
    if (shaped.kind === 'refused') return shaped;
    const paid = hasLimits ? await pay(call, shaped, catalog) : undefined;
    if (paid?.kind === 'refused') return paid;
    if (paid?.kind === 'downgrade') {
      const { scope, limit } = paid.state;
      const to = limit.downgradeTo === undefined ? {} : { to: limit.downgradeTo };
      return { kind: 'downgrade', scope, ...to, refusal: paid.refusal };
    }
    const narrowed = paid?.narrowed ?? shaped.narrowed;
    const edits = { ...shaped.edits, ...paid?.edits };
    const headers = [...shaped.headers, ...(paid?.headers ?? [])];
    const bytes = editedBytes(call.request, edits);
    return {
      kind: 'admitted',
      ...(bytes === undefined ? {} : { bytes, body: withEdits(call.request, edits).body }),
      ...(headers.length === 0 ? {} : { headers }),
      ...(narrowed === undefined ? {} : { targets: narrowed }),
      ...(paid === undefined ? {} : { settle: paid.settle, uncosted: paid.uncosted }),
    };
  }

  /** Brings prompt and answer within the alias's token limits. */
  async function shape(call: LimitedRequest, catalog: Catalog): Promise<Shaped | LimitRefusal> {
    const { alias, request } = call;
    if (alias === undefined) return { kind: 'shaped', request, edits: {}, headers: [], targets: call.targets };
    const fitted = await fitInput(
      { request, alias, targets: call.targets, catalog, pins: call.pins ?? [] },
      deps.prompts,
    );
    if (fitted.kind === 'refused') return fitted;
    const targets = fitted.targets ?? call.targets;
    const { maxOutputTokens } = alias.config;
    const output = maxOutputTokens === undefined ? {} : limitOutput(request, targets[0], maxOutputTokens);
    const edits = { ...fitted.edits, ...output };
    const { truncated, targets: narrowed } = fitted;
    return {
      kind: 'shaped',
      request: withEdits(request, edits),
      edits,
      headers: [
        ...(truncated === undefined ? [] : [['x-tollgate-truncated', truncatedText(truncated)] as const]),
        ...(Object.keys(output).length === 0 ? [] : [outputHeader(maxOutputTokens ?? 0, 'alias')]),
      ],
      targets,
      ...(narrowed === undefined ? {} : { narrowed }),
    };
  }

  async function pay(
    call: LimitedRequest,
    { request, targets: shapedTargets }: Shaped,
    catalog: Catalog,
  ): Promise<Paid | Downgrade | LimitRefusal> {
    const { config, alias, maxCostUsd, mayDowngrade = false, isLocal = () => false } = call;
    const spender = spenderOf(call);
    const ask = { spender, limits: config.budgets, timeZone: config.reconcile.timezone };
    const isLimited = maxCostUsd !== undefined || deps.spending.applied(ask).length > 0;
    const priced = pricingOf({ catalog, dearest, isLocal });
    const policy = config.prices.unpriced;
    const targets = isLimited && policy === 'block' ? pricedOnly(shapedTargets, priced) : shapedTargets;
    if ('kind' in targets) return targets;
    const [first] = targets;
    const isUnpriced = isLimited && priced(first).basis === 'dearest';
    const warns = config.budgets.some(({ onExceed }) => onExceed === 'warn');
    const kindOfCall = JSON.stringify([call.workspaceId, alias?.name ?? first.model, call.route]);
    const money = {
      request,
      targets,
      spender,
      config,
      pricingOf: priced,
      countedModel: modelOf(catalog, first),
      maxOutputTokens: alias?.config.maxOutputTokens,
      maxCostUsd,
      expectedPicoUsd: (warns && measured.p99(kindOfCall)) || 0n,
      mayDowngrade,
    };
    const reserved = await reserveMoney(money, deps.spending, deps.prompts);
    if (reserved.kind !== 'reserved') return reserved;
    if (isUnpriced && policy === 'warn') tellUnpriced(call.workspaceId, first);
    const { outputTokens, worstCasePicoUsd } = reserved;
    return {
      kind: 'paid',
      edits: outputTokens === undefined ? {} : limitOutput(request, first, outputTokens),
      headers: outputTokens === undefined ? [] : [outputHeader(outputTokens, 'budget')],
      settle: (picoUsd) => {
        const cost = BigInt(Math.round(picoUsd));
        if (cost > 0n) measured.add(kindOfCall, cost);
        reserved.settle(cost);
      },
      uncosted: (attempt) =>
        isLimited ? Number(uncostedPicoUsd(attempt, dearest(catalog, attempt.provider), worstCasePicoUsd)) : 0,
      ...(targets.length === shapedTargets.length ? {} : { narrowed: targets }),
    };
  }

  function tellUnpriced(workspaceId: string, target: Target): void {
    const key = `${workspaceId}\n${target.provider}/${target.model}`;
    if (unpricedTold.has(key)) return;
    unpricedTold.add(key);
    deps.onUnpriced(workspaceId, target);
  }
}
