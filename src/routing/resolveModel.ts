import type { AliasConfig, Config, Target } from '../config/config.ts';
import type { RouteDecision } from './routeDecision.ts';

export interface NamedAlias {
  readonly name: string;
  readonly config: AliasConfig;
}

/**
 * What a model name stands for.
 * `model`: no alias of ours; it goes on as it is. `otherDialect`: no target can serve the client's endpoint.
 */
export type ModelResolution =
  | { readonly kind: 'model' }
  | {
      readonly kind: 'alias';
      readonly alias: NamedAlias;
      readonly targets: readonly [Target, ...Target[]];
      readonly decision: RouteDecision | undefined;
    }
  | { readonly kind: 'noRoute' }
  | { readonly kind: 'unknownAlias'; readonly decision: RouteDecision }
  | { readonly kind: 'otherDialect'; readonly alias: NamedAlias };

/** True where `model` is a request to be routed; without routes and tiers, `auto` may be a provider's own model. */
export function asksForRouting({ routes, tiers, router }: Config, model: string): boolean {
  if (!router.models.includes(model)) return false;
  return routes.length > 0 || (tiers.length > 0 && router.classifier.mode !== 'off');
}

/**
 * Resolves the `model` of a request by the workspace's aliases and, where it asks for it, by its routes.
 * @param canServe whether a target's provider knows the client's endpoint, in the client's dialect or translated; others
 * are left out
 * @param decide where the call is routed to; asked only where the model asks for routing
 */
export function resolveModel(
  config: Config,
  model: string,
  canServe: (target: Target) => boolean,
  decide: () => RouteDecision | undefined,
): ModelResolution {
  const isRouted = asksForRouting(config, model);
  const decision = isRouted ? decide() : undefined;
  const name = decision?.alias ?? model;
  const aliasConfig = Object.hasOwn(config.aliases, name) ? config.aliases[name] : undefined;
  if (aliasConfig === undefined && decision !== undefined) return { kind: 'unknownAlias', decision };
  // An alias that selects the router answers by itself what no route fits.
  if (aliasConfig === undefined) return isRouted ? { kind: 'noRoute' } : { kind: 'model' };
  const alias = { name, config: withLimitsOf(decision, aliasConfig) };
  const [first, ...rest] = aliasConfig.targets.filter(canServe);
  return first === undefined
    ? { kind: 'otherDialect', alias }
    : { kind: 'alias', alias, targets: [first, ...rest], decision };
}

/** A route may lower what its alias takes, and say what happens then. */
function withLimitsOf(decision: RouteDecision | undefined, alias: AliasConfig): AliasConfig {
  const { maxInputTokens, maxOutputTokens, onOverflow } = decision?.route ?? {};
  if (maxInputTokens === undefined && maxOutputTokens === undefined && onOverflow === undefined) return alias;
  return {
    ...alias,
    ...lower('maxInputTokens', maxInputTokens, alias.maxInputTokens),
    ...lower('maxOutputTokens', maxOutputTokens, alias.maxOutputTokens),
    onOverflow: onOverflow ?? alias.onOverflow,
  };
}

function lower(
  key: 'maxInputTokens' | 'maxOutputTokens',
  own: number | undefined,
  aliases: number | undefined,
): Partial<AliasConfig> {
  if (own === undefined && aliases === undefined) return {};
  return { [key]: Math.min(own ?? Number.POSITIVE_INFINITY, aliases ?? Number.POSITIVE_INFINITY) };
}
