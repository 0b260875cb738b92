import type { ConfigFile } from './fileSchema.ts';

type Named<Value> = Readonly<Record<string, Value>>;
type AliasFile = NonNullable<ConfigFile['aliases']>[string];
type BudgetFile = NonNullable<ConfigFile['budgets']>[number];
type Choose = (under: number | undefined, over: number | undefined) => number | undefined;

function mergeNamed<Value>(
  under: Named<Value> | undefined,
  over: Named<Value> | undefined,
  merge: (under: Value, over: Value) => Value,
): Named<Value> | undefined {
  if (under === undefined || over === undefined) return over ?? under;
  const merged = new Map(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    const base = merged.get(name);
    merged.set(name, base === undefined ? value : merge(base, value));
  }
  return Object.fromEntries(merged);
}

function mergeFields<Section extends object>(under: Section | undefined, over: Section | undefined) {
  return under === undefined || over === undefined ? (over ?? under) : { ...under, ...over };
}

function mergeAlias(choose: Choose) {
  return (under: AliasFile, over: AliasFile): AliasFile => {
    const fallback = {
      ...under.fallback,
      ...over.fallback,
      maxAttempts: choose(under.fallback?.maxAttempts, over.fallback?.maxAttempts),
      deadlineMs: choose(under.fallback?.deadlineMs, over.fallback?.deadlineMs),
    };
    return {
      ...under,
      ...over,
      maxInputTokens: choose(under.maxInputTokens, over.maxInputTokens),
      maxOutputTokens: choose(under.maxOutputTokens, over.maxOutputTokens),
      ...(under.fallback === undefined && over.fallback === undefined ? {} : { fallback }),
    };
  };
}

function mergeCache(under: ConfigFile['cache'], over: ConfigFile['cache']): ConfigFile['cache'] {
  if (under === undefined || over === undefined) return over ?? under;
  return {
    ...under,
    ...over,
    exact: mergeFields(under.exact, over.exact),
    semantic: mergeFields(under.semantic, over.semantic),
  };
}

function mergePrices(under: ConfigFile['prices'], over: ConfigFile['prices']): ConfigFile['prices'] {
  if (under === undefined || over === undefined) return over ?? under;
  return { ...under, ...over, overrides: mergeFields(under.overrides, over.overrides) };
}

function merge(under: ConfigFile, over: ConfigFile, choose: Choose, budgets: readonly BudgetFile[]): ConfigFile {
  return {
    ...under,
    ...over,
    providers: mergeNamed(under.providers, over.providers, (a, b) => ({ ...a, ...b })),
    aliases: mergeNamed(under.aliases, over.aliases, mergeAlias(choose)),
    router: mergeFields(under.router, over.router),
    cache: mergeCache(under.cache, over.cache),
    budgets: [...budgets],
    attribution: mergeFields(under.attribution, over.attribution),
    prices: mergePrices(under.prices, over.prices),
    reconcile: mergeFields(under.reconcile, over.reconcile),
  };
}

function overrides(under: number | undefined, over: number | undefined): number | undefined {
  return over ?? under;
}

function lower(under: number | undefined, over: number | undefined): number | undefined {
  return under === undefined || over === undefined ? (over ?? under) : Math.min(under, over);
}

function sameLimit(a: BudgetFile, b: BudgetFile): boolean {
  return a.scope === b.scope && a.window === b.window;
}

/** The two files of a repository: what the local one says replaces the committed one's, limit by limit. */
export function mergeRepositoryFiles(workspace: ConfigFile, local: ConfigFile): ConfigFile {
  const own = local.budgets ?? [];
  const kept = (workspace.budgets ?? []).filter((budget) => !own.some((other) => sameLimit(budget, other)));
  return merge(workspace, local, overrides, [...kept, ...own]);
}

/**
 * The repository's files below the user's settings. The user's values win, but for limits, which the repository may lower:
 * the lower number holds, and the spending limits of both hold at once.
 */
export function mergeUserSettings(repository: ConfigFile, user: ConfigFile): ConfigFile {
  return merge(repository, user, lower, [...(user.budgets ?? []), ...(repository.budgets ?? [])]);
}
