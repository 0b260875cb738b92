import type { AliasConfig, Config, RouteConfig, SpendingLimit } from './config.ts';
import { configProblems, type ProblemText } from './errors.ts';
import type { Path } from './jsonTree.ts';
import { nearestName } from './nearestName.ts';

export interface WrongReference {
  readonly path: Path;
  /** Where it should have been declared. */
  readonly section: 'providers' | 'aliases';
  /** The name that is not there. */
  readonly name: string;
  readonly text: ProblemText;
}

export interface CheckedReferences {
  /** Without whatever named something that is not there. */
  readonly config: Config;
  readonly wrong: readonly WrongReference[];
}

/** Checks that targets name providers, and that routes, tiers and spending limits name aliases. */
export function checkReferences(config: Config): CheckedReferences {
  const wrong: WrongReference[] = [];
  const providers = Object.keys(config.providers);
  const knownProvider = (name: string, path: Path): boolean => {
    if (Object.hasOwn(config.providers, name)) return true;
    wrong.push({
      path,
      section: 'providers',
      name,
      text: configProblems.unknownProvider(name, nearestName(name, providers)),
    });
    return false;
  };
  const declared = Object.keys(config.aliases);
  const knownAlias = (name: string, path: Path): boolean => {
    if (Object.hasOwn(config.aliases, name)) return true;
    wrong.push({
      path,
      section: 'aliases',
      name,
      text: configProblems.unknownAlias(name, nearestName(name, declared)),
    });
    return false;
  };

  const aliases: [string, AliasConfig][] = Object.entries(config.aliases).map(([name, alias]) => [
    name,
    {
      ...alias,
      targets: alias.targets.filter((target, n) => knownProvider(target.provider, ['aliases', name, 'targets', n])),
    },
  ]);
  const routes = config.routes.flatMap((route, n): RouteConfig[] => {
    const usable = knownAlias(route.use, ['routes', n, 'use']);
    const { escalate, ...rest } = route;
    const kept = escalate !== undefined && knownAlias(escalate.to, ['routes', n, 'escalate', 'to']);
    return usable ? [kept ? route : rest] : [];
  });
  const { classifier } = config.router;
  const asksAlias = classifier.use === undefined || knownAlias(classifier.use, ['router', 'classifier', 'use']);
  const router = asksAlias
    ? config.router
    : {
        ...config.router,
        classifier: {
          mode: classifier.mode === 'model' ? ('rules' as const) : classifier.mode,
          timeoutMs: classifier.timeoutMs,
        },
      };
  const { embedder } = config.cache.semantic;
  const isAsked = embedder.includes('/');
  const usableEmbedder =
    !isAsked || knownProvider(embedder.slice(0, embedder.indexOf('/')), ['cache', 'semantic', 'embedder']);
  const semantic = usableEmbedder ? config.cache.semantic : { ...config.cache.semantic, embedder: 'lexical' };
  const budgets = config.budgets.map((budget, n): SpendingLimit => {
    const { downgradeTo, ...rest } = budget;
    return downgradeTo === undefined || knownAlias(downgradeTo, ['budgets', n, 'downgradeTo']) ? budget : rest;
  });
  const tiers = config.tiers.filter((tier, n) => knownAlias(tier, ['tiers', n]));
  const usableAliases = Object.fromEntries(aliases.filter(([, { targets }]) => targets.length > 0));
  return {
    config: { ...config, aliases: usableAliases, routes, router, tiers, budgets, cache: { ...config.cache, semantic } },
    wrong,
  };
}
