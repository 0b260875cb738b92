import type { RouteConfig } from '../config/config.ts';
import { matchesCallSite } from './callSitePattern.ts';

/** What routes are matched by. */
export interface RouteFacts {
  readonly task: string | undefined;
  readonly feature: string | undefined;
  /** `path:line:function`, relative to the workspace. */
  readonly callSite: string | undefined;
  readonly tools: boolean;
  readonly images: boolean;
  readonly structuredOutput: boolean;
  /** Counted only where a route asks for it. */
  readonly inputTokens: number | undefined;
}

/** The first route all of whose conditions hold; a route without conditions always does. */
export function chooseRoute(routes: readonly RouteConfig[], facts: RouteFacts): RouteConfig | undefined {
  return routes.find((route) => unmetCondition(route, facts) === undefined);
}

/** The first condition of a route that a call does not meet; undefined where it meets all. */
export function unmetCondition({ match }: RouteConfig, facts: RouteFacts): string | undefined {
  return Object.entries(match).find(([key, wanted]) => !holds(key, wanted, facts))?.[0];
}

/** Whether any route's conditions are about the size of the prompt. */
export function asksForInputTokens(routes: readonly RouteConfig[]): boolean {
  return routes.some(({ match }) => 'minInputTokens' in match || 'maxInputTokens' in match);
}

/** A condition that is not known here does not hold: better the next route than the wrong one. */
function holds(key: string, wanted: unknown, facts: RouteFacts): boolean {
  switch (key) {
    case 'task':
    case 'feature':
      return isOneOf(facts[key], wanted);
    case 'callSite':
      return matchesCallSite(facts.callSite, textsOf(wanted));
    case 'tools':
    case 'images':
    case 'structuredOutput':
      return facts[key] === wanted;
    case 'minInputTokens':
      return typeof wanted === 'number' && facts.inputTokens !== undefined && facts.inputTokens >= wanted;
    case 'maxInputTokens':
      return typeof wanted === 'number' && facts.inputTokens !== undefined && facts.inputTokens <= wanted;
    default:
      return false;
  }
}

/** A value or a list of values. */
function isOneOf(actual: string | undefined, wanted: unknown): boolean {
  return actual !== undefined && textsOf(wanted).includes(actual);
}

function textsOf(wanted: unknown): readonly string[] {
  if (Array.isArray(wanted)) return wanted.filter((one) => typeof one === 'string');
  return typeof wanted === 'string' ? [wanted] : [];
}
