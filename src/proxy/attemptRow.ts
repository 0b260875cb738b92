import type { CatalogModel } from '../catalog/catalog.ts';
import type { Cost } from '../catalog/cost.ts';
import { costOf } from '../catalog/costOf.ts';
import type { ServiceTier } from '../catalog/price.ts';
import { isLocalProvider, providerOfUrl } from '../catalog/providerOfUrl.ts';
import type { Usage } from '../catalog/usage.ts';
import type { AttemptRow } from '../ledger/rows.ts';
import { stringAt } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { ReplyFacts } from '../wire/replyFacts.ts';
import type { Reading } from '../wire/translate/reading.ts';
import { serviceTierOf, usesOfCall } from '../wire/usageReading.ts';
import type { Call, Draft } from './call.ts';
import type { PlannedTarget } from './plan.ts';
import type { Outgoing } from './translation.ts';
import { isDemo } from './upstreamUrl.ts';

/** A request to an upstream that has been sent and not yet been written down. */
export interface OpenAttempt {
  readonly id: string;
  readonly index: number;
  readonly target: PlannedTarget;
  readonly startedAtMs: number;
  /** What the upstream was asked, in its own dialect: its answer is read by this. */
  readonly sent: ParsedRequest;
  /** How its answer has to be written for the client; absent = it passes as it comes. */
  readonly reading?: Reading;
  firstByteAtMs?: number;
}

/** How an attempt ended. */
export interface AttemptEnd {
  /** 0 = no answer. */
  readonly status: number;
  readonly errorClass?: string;
  readonly facts?: ReplyFacts;
  /** What it is billed at. */
  readonly billing: Billing;
}

export type Billing =
  | { readonly kind: 'usage'; readonly usage: Usage; readonly estimatedBecause?: string }
  | { readonly kind: 'notBilled'; readonly reason: string }
  /** It may have been billed, and nobody has said what. */
  | { readonly kind: 'unknown'; readonly reason: string };

export function openAttempt(call: Call, target: PlannedTarget, outgoing: Outgoing): OpenAttempt {
  const index = call.attempts.length;
  const { request: sent, reading } = outgoing;
  const attempt = { id: `${call.id}.${index}`, index, target, startedAtMs: call.deps.clock.now(), sent };
  return reading === undefined ? attempt : { ...attempt, reading };
}

/** Writes an attempt down in its call, with its cost. */
export function endAttempt(call: Call, attempt: OpenAttempt, end: AttemptEnd): AttemptRow {
  const { provider, model } = attempt.target;
  const facts = end.facts ?? noFacts;
  const serviceTier = facts.serviceTier ?? serviceTierOf(stringAt(attempt.sent.body, 'service_tier')) ?? 'standard';
  const cost = costOfAttempt(call, attempt, facts, end.billing, serviceTier);
  const row: Draft<AttemptRow> = {
    id: attempt.id,
    callId: call.id,
    index: attempt.index,
    provider: provider.name,
    model: facts.model ?? model,
    demo: isDemo(provider.baseUrl),
    serviceTier,
    startedAtMs: attempt.startedAtMs,
    endedAtMs: call.deps.clock.now(),
    status: end.status,
    usage: end.billing.kind === 'usage' ? end.billing.usage : {},
    costStatus: cost.status,
  };
  if (attempt.firstByteAtMs !== undefined) row.firstByteAtMs = attempt.firstByteAtMs;
  if (end.errorClass !== undefined) row.errorClass = end.errorClass;
  if (facts.finishReason !== undefined) row.finishReason = facts.finishReason;
  if (facts.usage !== undefined) row.usageRaw = JSON.stringify(facts.usage.raw);
  fillCost(row, cost);
  call.attempts.push(row);
  return row;
}

const noFacts: ReplyFacts = {};

function fillCost(row: Draft<AttemptRow>, cost: Cost): void {
  if (cost.status !== 'exact') row.costReason = cost.reason;
  if (cost.status !== 'exact' && cost.status !== 'estimated') return;
  row.costPicoUsd = cost.picoUsd;
  row.priceId = cost.priceId;
}

function costOfAttempt(
  call: Call,
  { target, startedAtMs }: OpenAttempt,
  facts: ReplyFacts,
  billing: Billing,
  serviceTier: ServiceTier,
): Cost {
  if (billing.kind === 'notBilled') return { status: 'notBilled', reason: billing.reason };
  if (billing.kind === 'unknown') return { status: 'unpriced', reason: billing.reason };
  const { estimatedBecause } = billing;
  const priced = pricedModel(call, target, facts.model);
  if (priced.model === undefined && isLocal(target))
    return { status: 'notBilled', reason: 'the model runs on this machine' };
  const because = [estimatedBecause, priced.because].filter((reason) => reason !== undefined).join('; ');
  return costOf(billing.usage, priced.model?.price, {
    serviceTier,
    atMs: startedAtMs,
    uses: usesOfCall(facts.usage?.uses),
    ...(because === '' ? {} : { estimatedBecause: because }),
  });
}

/** A server of local models; one with prices of the user's own is billed at those. */
export function isLocal({ provider }: Pick<PlannedTarget, 'provider'>): boolean {
  return isLocalProvider(providerOfUrl(provider.baseUrl) ?? '');
}

/** The model that ran, else the one asked for: providers may answer with a name of their own (a deployment, a path). */
export function pricedModel(
  call: Call,
  { provider, model }: PlannedTarget,
  served: string | undefined,
): { readonly model?: CatalogModel; readonly because?: string } {
  const catalog = call.deps.catalogOf(call.request.workspaceId);
  const ran = served === undefined ? undefined : catalog.lookup(served, provider.name);
  if (ran?.kind === 'known') return { model: ran.model };
  const asked = catalog.lookup(model, provider.name);
  if (asked.kind !== 'known') return {};
  return served === undefined || served === model
    ? { model: asked.model }
    : { model: asked.model, because: `no price is known for "${served}", which ran; taken as the model asked for` };
}
