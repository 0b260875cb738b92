import type { FallbackConfig, Target } from '../config/config.ts';
import { singleAttempt } from '../routing/attemptBudget.ts';
import { asksForRouting, resolveModel } from '../routing/resolveModel.ts';
import type { RouteDecision } from '../routing/routeDecision.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { TranslationTarget } from '../wire/translate/reading.ts';
import type { Call } from './call.ts';
import { type Provider, providerOf } from './chooseProvider.ts';
import { type Credentials, credentialsFor } from './credentials.ts';
import { aliasOfOtherDialect, noRoute, type Refusal, routeToUnknownAlias } from './errors.ts';
import { type Decide, decideNothing, type RoutingParts, routeCall } from './routeCall.ts';
import { isServable, translationFor } from './translation.ts';

/** One target with everything needed to ask it. */
export interface PlannedTarget {
  readonly provider: Provider;
  readonly model: string;
  readonly credentials: Credentials;
  /** What the request has to be written as for this target; absent = it goes on as it came. */
  readonly translateTo?: TranslationTarget['endpoint'];
}

/** Whom a call may ask, in order. */
export interface CallPlan {
  readonly targets: readonly [PlannedTarget, ...PlannedTarget[]];
  readonly fallback: FallbackConfig;
}

/** Resolves model, alias and route into targets, and writes into the call's facts what was resolved. */
export async function planCall(
  call: Call,
  request: ParsedRequest,
  meantFor: string,
  routing: RoutingParts,
): Promise<CallPlan | Refusal> {
  const { config } = call;
  const decide: Decide = asksForRouting(config, request.model)
    ? await routeCall(call, request, meantFor, routing)
    : decideNothing;
  return planned(call, request, meantFor, decide);
}

/** Resolves a decision that has been made: whom to ask instead. */
export function planDecided(
  call: Call,
  request: ParsedRequest,
  meantFor: string,
  decision: RouteDecision,
): CallPlan | Refusal {
  return planned(call, request, meantFor, () => decision);
}

function planned(call: Call, request: ParsedRequest, meantFor: string, decide: Decide): CallPlan | Refusal {
  const { config, facts } = call;
  const canServe = ({ provider }: Target): boolean => isServable(config, provider, request);
  const resolved = resolveModel(config, request.model, canServe, decide);
  switch (resolved.kind) {
    case 'noRoute':
      return noRoute();
    case 'unknownAlias':
      return routeToUnknownAlias(resolved.decision.rule, resolved.decision.alias);
    case 'otherDialect':
      facts.alias = resolved.alias;
      return aliasOfOtherDialect(resolved.alias.name, request.dialect);
    case 'model':
      return planTargets(call, [{ provider: meantFor, model: request.model }], meantFor, singleAttempt);
    case 'alias':
      facts.alias = resolved.alias;
      if (resolved.decision !== undefined) facts.decision = resolved.decision;
      return planTargets(call, resolved.targets, meantFor, resolved.alias.config.fallback, request);
  }
}

/** @param aliased the request where it names an alias: only then may it be written in another dialect */
function planTargets(
  call: Call,
  targets: readonly [Target, ...Target[]],
  meantFor: string,
  fallback: FallbackConfig,
  aliased?: ParsedRequest,
): CallPlan | Refusal {
  const planned: PlannedTarget[] = [];
  for (const { provider: name, model } of targets) {
    const provider = providerOf(call, name);
    if ('status' in provider) return provider;
    const translateTo = aliased === undefined ? undefined : translationFor(provider, aliased);
    const translation = translateTo === undefined ? {} : { translateTo };
    planned.push({ provider, model, credentials: credentialsFor(call, provider, meantFor), ...translation });
  }
  const [first, ...rest] = planned;
  if (first === undefined) throw new Error('an alias without targets was resolved');
  return { targets: [first, ...rest], fallback };
}
