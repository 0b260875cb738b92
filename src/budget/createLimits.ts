import type { Catalog } from '../catalog/catalog.ts';
import type { AliasConfig, Config, Target } from '../config/config.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type BodyEdits, editedBytes, withEdits } from './bodyEdits.ts';
import type { LimitRefusal } from './errors.ts';
import { type FittedInput, fitInput } from './fitInput.ts';
import { limitOutput } from './outputLimit.ts';
import type { PromptCounter } from './promptCounter.ts';
import { reserveMoney } from './reserveMoney.ts';
import type { SpendingLimits } from './spendingLimits.ts';

export interface LimitsDeps {
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly prompts: PromptCounter;
  readonly spending: SpendingLimits;
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
  };
  /** What routed the call, where it asked to be routed. */
  readonly route: string | undefined;
  readonly config: Config;
  readonly maxCostUsd: number | undefined;
  /** Messages that the client wants kept, by their place. */
  readonly pins?: readonly number[];
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
}

export function createLimits(deps: LimitsDeps): CallLimits {
  const unpricedTold = new Set<string>();
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
    const edits = { ...shaped.edits, ...paid?.edits };
    const headers = [...shaped.headers, ...(paid?.headers ?? [])];
    const bytes = editedBytes(call.request, edits);
    return {
      kind: 'admitted',
      ...(bytes === undefined ? {} : { bytes, body: withEdits(call.request, edits).body }),
      ...(headers.length === 0 ? {} : { headers }),
      ...(shaped.narrowed === undefined ? {} : { targets: shaped.narrowed }),
      ...(paid === undefined ? {} : { settle: paid.settle }),
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
      headers: truncated === undefined ? [] : [['x-tollgate-truncated', truncatedText(truncated)]],
      targets,
      ...(narrowed === undefined ? {} : { narrowed }),
    };
  }

  async function pay(
    call: LimitedRequest,
    { request, targets }: Shaped,
    catalog: Catalog,
  ): Promise<Paid | LimitRefusal> {
    const { workspaceId, attribution, route, config, alias, maxCostUsd } = call;
    const { userPseudonym: user, feature, session, branch } = attribution;
    const spender = { workspaceId, user, feature, session, route, branch };
    const maxOutputTokens = alias?.config.maxOutputTokens;
    const money = { request, targets, spender, config, catalog, maxOutputTokens, maxCostUsd };
    const reserved = await reserveMoney(money, deps.spending, deps.prompts);
    if (reserved.kind === 'refused') return reserved;
    if (reserved.isUnpriced) tellUnpriced(workspaceId, targets[0]);
    const { outputTokens } = reserved;
    return {
      kind: 'paid',
      edits: outputTokens === undefined ? {} : limitOutput(request, targets[0], outputTokens),
      headers: outputTokens === undefined ? [] : [['x-tollgate-output-limit', `tokens=${outputTokens};reason=budget`]],
      settle: (picoUsd) => reserved.settle(BigInt(Math.round(picoUsd))),
    };
  }

  function tellUnpriced(workspaceId: string, target: Target): void {
    const key = `${workspaceId}\n${target.provider}/${target.model}`;
    if (unpricedTold.has(key)) return;
    unpricedTold.add(key);
    deps.onUnpriced(workspaceId, target);
  }
}
