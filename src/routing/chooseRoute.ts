import type { RouteConfig } from '../config/config.ts';

/** What routes are matched by. */
export interface RouteFacts {
  readonly task: string | undefined;
  readonly feature: string | undefined;
  readonly tools: boolean;
  readonly images: boolean;
  readonly structuredOutput: boolean;
  /** Counted only where a route asks for it. */
  readonly inputTokens: number | undefined;
}

/** A model name that asks for routing instead of naming a model. */
export const autoModel = 'auto';

/** The first route all of whose conditions hold; a route without conditions always does. */
export function chooseRoute(routes: readonly RouteConfig[], facts: RouteFacts): RouteConfig | undefined {
  return routes.find(({ match }) => Object.entries(match).every(([key, wanted]) => holds(key, wanted, facts)));
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
  if (actual === undefined) return false;
  return Array.isArray(wanted) ? wanted.includes(actual) : wanted === actual;
}
