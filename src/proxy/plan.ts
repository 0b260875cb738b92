import type { FallbackConfig, Target } from '../config/config.ts';
import { singleAttempt } from '../routing/attemptBudget.ts';
import { resolveModel } from '../routing/resolveModel.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { Call } from './call.ts';
import { type Provider, providerOf } from './chooseProvider.ts';
import { type Credentials, credentialsFor } from './credentials.ts';
import { aliasOfOtherDialect, noRoute, type Refusal, routeToUnknownAlias } from './errors.ts';

/** One target with everything needed to ask it. */
export interface PlannedTarget {
  readonly provider: Provider;
  readonly model: string;
  readonly credentials: Credentials;
}

/** Whom a call may ask, in order. */
export interface CallPlan {
  readonly targets: readonly [PlannedTarget, ...PlannedTarget[]];
  readonly fallback: FallbackConfig;
}

/** Resolves model, alias and route into targets, and writes into the call's facts what was resolved. */
export function planCall(call: Call, request: ParsedRequest, meantFor: string): CallPlan | Refusal {
  const { config, facts } = call;
  const { attribution } = facts;
  const resolved = resolveModel(config, request.model, request.dialect, {
    task: attribution.task,
    feature: attribution.feature,
  });
  switch (resolved.kind) {
    case 'noRoute':
      return noRoute();
    case 'unknownAlias':
      return routeToUnknownAlias(resolved.route.name, resolved.route.use);
    case 'otherDialect':
      facts.alias = resolved.alias;
      return aliasOfOtherDialect(resolved.alias.name, request.dialect);
    case 'model':
      return planTargets(call, [{ provider: meantFor, model: request.model }], meantFor, singleAttempt);
    case 'alias':
      facts.alias = resolved.alias;
      if (resolved.route !== undefined) facts.route = resolved.route.name;
      return planTargets(call, resolved.targets, meantFor, resolved.alias.config.fallback);
  }
}

function planTargets(
  call: Call,
  targets: readonly [Target, ...Target[]],
  meantFor: string,
  fallback: FallbackConfig,
): CallPlan | Refusal {
  const planned: PlannedTarget[] = [];
  for (const { provider: name, model } of targets) {
    const provider = providerOf(call, name);
    if ('status' in provider) return provider;
    planned.push({ provider, model, credentials: credentialsFor(call, provider, meantFor) });
  }
  const [first, ...rest] = planned;
  if (first === undefined) throw new Error('an alias without targets was resolved');
  return { targets: [first, ...rest], fallback };
}
