import type { AliasConfig, Config, RouteConfig, Target } from '../config/config.ts';
import { autoModel, chooseRoute, type RouteFacts } from './chooseRoute.ts';

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
      readonly route: RouteConfig | undefined;
    }
  | { readonly kind: 'noRoute' }
  | { readonly kind: 'unknownAlias'; readonly route: RouteConfig }
  | { readonly kind: 'otherDialect'; readonly alias: NamedAlias };

/** True where `model` is a request to be routed; without routes, `auto` may be a provider's own model. */
export function asksForRouting({ routes, aliases }: Config, model: string): boolean {
  return model === autoModel && routes.length > 0 && !Object.hasOwn(aliases, autoModel);
}

/**
 * Resolves the `model` of a request by the workspace's aliases and, for `auto`, its routes.
 * @param canServe whether a target's provider knows the client's endpoint, in the client's dialect or translated; others
 * are left out
 */
export function resolveModel(
  config: Config,
  model: string,
  canServe: (target: Target) => boolean,
  facts: () => RouteFacts,
): ModelResolution {
  const isRouted = asksForRouting(config, model);
  const route = isRouted ? chooseRoute(config.routes, facts()) : undefined;
  if (isRouted && route === undefined) return { kind: 'noRoute' };
  const name = route?.use ?? model;
  const aliasConfig = Object.hasOwn(config.aliases, name) ? config.aliases[name] : undefined;
  if (aliasConfig === undefined) return route === undefined ? { kind: 'model' } : { kind: 'unknownAlias', route };
  const alias = { name, config: aliasConfig };
  const [first, ...rest] = aliasConfig.targets.filter(canServe);
  return first === undefined
    ? { kind: 'otherDialect', alias }
    : { kind: 'alias', alias, targets: [first, ...rest], route };
}
