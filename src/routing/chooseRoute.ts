import type { RouteConfig } from '../config/config.ts';

/** What routes are matched by. */
export interface RouteFacts {
  readonly task: string | undefined;
  readonly feature: string | undefined;
}

/** A model name that asks for routing instead of naming a model. */
export const autoModel = 'auto';

/** The first route all of whose conditions hold; a route without conditions always does. */
export function chooseRoute(routes: readonly RouteConfig[], facts: RouteFacts): RouteConfig | undefined {
  return routes.find(({ match }) => Object.entries(match).every(([key, wanted]) => holds(key, wanted, facts)));
}

/** A condition is a value or a list of values; one that is not known here does not hold. */
function holds(key: string, wanted: unknown, facts: RouteFacts): boolean {
  const actual = key === 'task' ? facts.task : key === 'feature' ? facts.feature : undefined;
  if (actual === undefined) return false;
  return Array.isArray(wanted) ? wanted.includes(actual) : wanted === actual;
}
