import type { Target } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { parseRequest } from '../wire/parseRequest.ts';
import { isLocal } from './attemptRow.ts';
import type { Call, CallFacts } from './call.ts';
import type { Refusal } from './errors.ts';
import type { HeaderPairs } from './exchange.ts';
import type { Admission, LimitRefused } from './limits.ts';
import { type CallPlan, type PlannedTarget, planDecided } from './plan.ts';

/** A call within its limits, and what they made of it. */
export interface Admitted {
  readonly request: ParsedRequest;
  readonly plan: CallPlan;
  readonly headers: HeaderPairs;
}

type Downgrade = Extract<Admission, { kind: 'downgrade' }>;

/**
 * Asks the limits. Where one of them says so, the call goes down tier by tier until one fits; what it was planned as is
 * forgotten then, as if that tier had been asked for.
 */
export async function admitCall(
  call: Call,
  request: ParsedRequest,
  plan: CallPlan,
  meantFor: string,
): Promise<Admitted | Refusal> {
  const first = await ask(call, request, plan, true);
  if (first.kind === 'refused') return refusalOf(first);
  return first.kind === 'downgrade'
    ? goDown(call, request, plan, meantFor, first)
    : admittedAs(call, request, plan, first);
}

/** Asks the limits for this tier or none: a better one is not worth asking where it would be a lower one again. */
export async function admitThere(call: Call, request: ParsedRequest, plan: CallPlan): Promise<Admitted | Refusal> {
  const admission = await ask(call, request, plan, true);
  if (admission.kind === 'admitted') return admittedAs(call, request, plan, admission);
  return refusalOf(admission.kind === 'downgrade' ? admission.refusal : admission);
}

async function goDown(
  call: Call,
  request: ParsedRequest,
  plan: CallPlan,
  meantFor: string,
  { scope, to, refusal }: Downgrade,
): Promise<Admitted | Refusal> {
  const from = call.facts.alias?.name;
  const before: CallFacts = { ...call.facts };
  // Who is down already goes on: the limit has done what it can.
  if (isLowest(call, from, to)) {
    const there = await ask(call, request, plan, false);
    return there.kind === 'admitted' ? admittedAs(call, request, plan, there) : refusalOf(refused(there));
  }
  let last: LimitRefused = refusal;
  for (const alias of lowerTiers(call, from, to)) {
    const planned = planAt(call, request, meantFor, alias, from);
    if ('status' in planned) continue;
    const there = await ask(call, request, planned, false);
    if (there.kind === 'admitted') {
      const admitted = admittedAs(call, request, planned, there);
      const text = `action=downgrade;scope=${scope};from=${from ?? request.model};to=${alias}`;
      return { ...admitted, headers: [...admitted.headers, ['x-tollgate-budget', encodeURI(text)]] };
    }
    last = refused(there);
  }
  Object.assign(call.facts, before);
  return refusalOf(last);
}

function refused(admission: Exclude<Admission, { kind: 'admitted' }>): LimitRefused {
  return admission.kind === 'downgrade' ? admission.refusal : admission;
}

/** There is nothing below: what a limit would lead to is what was asked for. */
function isLowest({ config: { tiers } }: Call, alias: string | undefined, to: string | undefined): boolean {
  return alias !== undefined && alias === (to ?? tiers[0]);
}

/** Aliases to go down to, the next first. A model that is of no tier has none but the one that the limit names. */
function lowerTiers({ config: { tiers } }: Call, alias: string | undefined, to: string | undefined): string[] {
  const below = (name: string | undefined): string[] =>
    name === undefined ? [] : tiers.slice(0, Math.max(0, tiers.indexOf(name))).toReversed();
  return to === undefined ? below(alias) : [to, ...below(to)];
}

/** What the call would be had it asked for `alias`. Writes into its facts what was resolved. */
function planAt(
  call: Call,
  request: ParsedRequest,
  meantFor: string,
  alias: string,
  from: string | undefined,
): CallPlan | Refusal {
  const { decision } = call.facts;
  if (decision === undefined) {
    const named = { rule: 'budget', alias, reason: 'match', isProbe: false, notes: [] } as const;
    return planDecided(call, { ...request, model: alias }, meantFor, named);
  }
  const notes = [...decision.notes, `from=${from ?? request.model}`, 'because=budget'];
  return planDecided(call, request, meantFor, { ...decision, alias, notes });
}

async function ask(call: Call, request: ParsedRequest, plan: CallPlan, mayDowngrade: boolean): Promise<Admission> {
  const [first, ...rest] = plan.targets;
  const maxCost = Number(call.headers.values.get('x-tollgate-max-cost-usd'));
  return call.deps.limits.admit({
    workspaceId: call.request.workspaceId,
    callId: call.id,
    request,
    alias: call.facts.alias,
    targets: [targetOf(first), ...rest.map(targetOf)],
    attribution: call.facts.attribution,
    route: call.facts.decision?.rule,
    config: call.config,
    maxCostUsd: maxCost > 0 ? maxCost : undefined,
    isLocal: (target) => plan.targets.some((one) => isSame(one, target) && isLocal(one)),
    mayDowngrade,
    ...pinsIn(call),
  });
}

function refusalOf({ status, code, message }: LimitRefused): Refusal {
  return { status, code, message, type: status === 402 ? code : 'invalid_request_error', noRetry: true };
}

function admittedAs(
  call: Call,
  request: ParsedRequest,
  plan: CallPlan,
  admission: Extract<Admission, { kind: 'admitted' }>,
): Admitted {
  if (admission.settle !== undefined) call.facts.settle = admission.settle;
  if (admission.uncosted !== undefined) call.facts.uncosted = admission.uncosted;
  const headers = admission.headers ?? [];
  const narrowed = admission.targets === undefined ? plan : narrowedTo(plan, admission.targets);
  if (admission.bytes === undefined) return { request, plan: narrowed, headers };
  const { bytes, body } = admission;
  if (body !== undefined) return { request: { ...request, bytes, body }, plan: narrowed, headers };
  const changed = parseRequest(request.endpoint, bytes, call.path.deployment?.name);
  if ('problem' in changed) throw new Error(`limits made a body that is ${changed.problem}`);
  return { request: changed.request, plan: narrowed, headers };
}

function pinsIn({ headers }: Call): { readonly pins?: readonly number[] } {
  const text = headers.values.get('x-tollgate-pin');
  return text === undefined ? {} : { pins: text.split(',').map(Number).filter(Number.isInteger) };
}

function targetOf({ provider, model }: PlannedTarget): Target {
  return { provider: provider.name, model };
}

function isSame({ provider, model }: PlannedTarget, target: Target): boolean {
  return target.provider === provider.name && target.model === model;
}

/** The plan without the targets that a limit rules out. */
function narrowedTo(plan: CallPlan, targets: readonly Target[]): CallPlan {
  const [first, ...rest] = plan.targets.filter((planned) => targets.some((target) => isSame(planned, target)));
  if (first === undefined) throw new Error('limits left a plan without targets');
  return { ...plan, targets: [first, ...rest] };
}
