import type { CacheConfig } from '../config/config.ts';

/** The configuration for a call that takes a route: what the route says about modes goes first. */
export function withRouteModes(config: CacheConfig, route: string | undefined): CacheConfig {
  const { routes } = config;
  if (route === undefined || routes === undefined || !Object.hasOwn(routes, route)) return config;
  const { exact = config.exact.mode, semantic = config.semantic.mode } = routes[route] ?? {};
  return { ...config, exact: { ...config.exact, mode: exact }, semantic: { ...config.semantic, mode: semantic } };
}

/** What may be on disk: answers while a cache is on, their questions while the semantic one is, on any route. */
export type Kept = 'questions' | 'answers' | 'nothing';

export function keptBy({ exact, semantic, routes = {} }: CacheConfig): Kept {
  const modes = [{ exact: exact.mode, semantic: semantic.mode }, ...Object.values(routes)];
  if (modes.some((mode) => mode.semantic === 'on')) return 'questions';
  return modes.some((mode) => mode.exact === 'on' || mode.exact === 'auto') ? 'answers' : 'nothing';
}
