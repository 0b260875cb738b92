import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogOptions } from '../catalog/loadCatalog.ts';
import { catalogOptions } from '../config/catalogOptions.ts';
import type { Config, ConfigProblem } from '../config/config.ts';
import { defaultConfig } from '../config/defaultConfig.ts';
import { type ConfigLayer, type LayerKind, parseConfigFile } from '../config/parseConfigFile.ts';
import { resolveConfig } from '../config/resolveConfig.ts';
import { usesDemo } from '../config/usesDemo.ts';
import type { ConfigStatus, LocatedConfigProblem } from './api.ts';
import { describeError, type Log } from './log.ts';
import { readFileIfAny } from './privateFile.ts';
import type { Workspace } from './workspaces.ts';

/** The configuration that is in force in each workspace. */
export interface WorkspaceConfigs {
  /** The last good one while the files are broken; the defaults where nothing is known. */
  configOf(workspaceId: string): Config;
  /** The catalogue with the prices of the workspace's configuration. */
  catalogOf(workspaceId: string): Catalog;
  /** The catalogue without anybody's own prices. */
  listedCatalog(): Catalog;
  statusOf(workspaceId: string): ConfigStatus | undefined;
  /** Reads everything anew, because the workspace was registered (again). */
  reload(workspaceId: string): void;
  close(): void;
}

export interface WorkspaceConfigsOptions {
  readonly workspaceOf: (workspaceId: string) => Workspace | undefined;
  readonly loadCatalog: (options: CatalogOptions) => Catalog;
  /** Another text when `loadCatalog` would give other prices. */
  readonly pricesStamp: () => string;
  /** The files changed, and with them the configuration or what is wrong with it. */
  readonly onChange: (workspaceId: string, status: ConfigStatus) => void;
  readonly log: Log;
  /** Milliseconds. */
  readonly clock: () => number;
}

interface Active {
  readonly workspace: Workspace;
  readonly texts: Texts;
  readonly config: Config;
  /** Made when it is first asked for: the service listens before. */
  readonly catalog: () => Catalog;
  /** Of the prices in `catalog`. */
  readonly pricesStamp: string;
  readonly status: ConfigStatus;
}

type Texts = Readonly<Record<LayerKind, string | undefined>>;

/** A change of the file is seen by the watcher, and at the latest by the first call that comes this long after it. */
const lookAgainMs = 1_000;
/** Editors write a file in several steps. */
const settleMs = 60;

export function createWorkspaceConfigs(options: WorkspaceConfigsOptions): WorkspaceConfigs {
  const { workspaceOf, log, clock } = options;
  const { pricesStamp } = options;
  let listed: { readonly stamp: string; readonly catalog: Catalog } | undefined;
  const base = (): Catalog => {
    const stamp = pricesStamp();
    if (listed?.stamp !== stamp) listed = { stamp, catalog: options.loadCatalog({}) };
    return listed.catalog;
  };
  const active = new Map<string, Active>();
  const looked = new Map<string, { atMs: number; stamp: string }>();
  const watchers = new Map<string, FSWatcher>();
  const timers = new Map<string, NodeJS.Timeout>();

  const read = (workspace: Workspace, previous: Active | undefined): Active => {
    const texts = readTexts(workspace, log);
    const stamp = pricesStamp();
    if (previous !== undefined && sameTexts(previous.texts, texts) && previous.pricesStamp === stamp) return previous;
    const { config, problems } = resolve(workspace, texts);
    const ok = problems.every(({ severity }) => severity !== 'error');
    const kept = !ok && previous !== undefined ? previous : undefined;
    const inForce = kept?.config ?? config;
    const priced = catalogOptions(inForce);
    return {
      workspace,
      texts,
      config: inForce,
      catalog: priced === undefined ? base : once(() => options.loadCatalog(priced)),
      pricesStamp: stamp,
      status: { path: workspace.configPath, ok, demo: usesDemo(inForce), problems },
    };
  };

  const refresh = (workspaceId: string): Active | undefined => {
    const workspace = workspaceOf(workspaceId);
    if (workspace === undefined) return undefined;
    looked.set(workspaceId, { atMs: clock(), stamp: stampOf(workspace) });
    const previous = active.get(workspaceId);
    const next = read(workspace, previous);
    active.set(workspaceId, next);
    if (previous !== undefined && next !== previous) {
      log.info('configuration changed', { workspace: workspaceId, ok: next.status.ok });
      options.onChange(workspaceId, next.status);
    }
    return next;
  };

  const current = (workspaceId: string): Active | undefined => {
    const found = active.get(workspaceId);
    if (found === undefined) {
      const first = refresh(workspaceId);
      if (first !== undefined) watchFiles(first.workspace);
      return first;
    }
    const last = looked.get(workspaceId);
    const now = clock();
    if (last === undefined || now - last.atMs < lookAgainMs) return found;
    last.atMs = now;
    const isCurrent = stampOf(found.workspace) === last.stamp && found.pricesStamp === pricesStamp();
    return isCurrent ? found : refresh(workspaceId);
  };

  const watchFiles = ({ id, configPath, localConfigPath }: Workspace): void => {
    const names = new Set([basename(configPath), basename(localConfigPath)]);
    watchers.get(id)?.close();
    try {
      const watcher = watch(dirname(configPath), { persistent: false }, (_, name) => {
        if (name !== null && !names.has(name)) return;
        clearTimeout(timers.get(id));
        timers.set(
          id,
          setTimeout(() => refresh(id), settleMs),
        );
      });
      watcher.on('error', (error) => log.debug('configuration is not watched', { error: describeError(error) }));
      watchers.set(id, watcher);
    } catch (error) {
      // The folder is gone, or the system has no watchers left: calls look at the files then.
      log.debug('configuration is not watched', { error: describeError(error) });
    }
  };

  return {
    configOf: (workspaceId) => current(workspaceId)?.config ?? defaultConfig,
    catalogOf: (workspaceId) => (current(workspaceId)?.catalog ?? base)(),
    listedCatalog: base,
    statusOf: (workspaceId) => current(workspaceId)?.status,
    reload: (workspaceId) => {
      const workspace = workspaceOf(workspaceId);
      if (workspace === undefined) return;
      // What was allowed to a trusted workspace must not outlive the trust.
      const before = active.get(workspaceId)?.workspace;
      if (before?.trusted !== workspace.trusted || before.configPath !== workspace.configPath)
        active.delete(workspaceId);
      current(workspaceId);
      refresh(workspaceId);
    },
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function readTexts({ configPath, localConfigPath, userConfig }: Workspace, log: Log): Texts {
  const read = (path: string): string | undefined => {
    try {
      return readFileIfAny(path);
    } catch (error) {
      log.warn('configuration file is not readable', { error: describeError(error) });
      return undefined;
    }
  };
  return { workspace: read(configPath), local: read(localConfigPath), user: userConfig };
}

function resolve(workspace: Workspace, texts: Texts): { config: Config; problems: LocatedConfigProblem[] } {
  const located = (problem: ConfigProblem, layer: LayerKind): LocatedConfigProblem => {
    const { severity, message, start, end } = problem;
    const path = { workspace: workspace.configPath, local: workspace.localConfigPath, user: undefined }[layer];
    return { ...(path === undefined ? {} : { path }), severity, message, start, end };
  };
  const layers: ConfigLayer[] = [];
  const problems: LocatedConfigProblem[] = [];
  for (const kind of ['workspace', 'local', 'user'] as const) {
    const text = texts[kind];
    if (text === undefined) continue;
    const parsed = parseConfigFile(text, kind);
    layers.push(parsed.layer);
    problems.push(...parsed.problems.map((problem) => located(problem, kind)));
  }
  const resolved = resolveConfig(layers, { trusted: workspace.trusted });
  problems.push(...resolved.problems.map((problem) => located(problem, problem.layer)));
  return { config: resolved.config, problems };
}

function sameTexts(a: Texts, b: Texts): boolean {
  return a.workspace === b.workspace && a.local === b.local && a.user === b.user;
}

function stampOf({ configPath, localConfigPath }: Workspace): string {
  return `${stampOfFile(configPath)} ${stampOfFile(localConfigPath)}`;
}

function stampOfFile(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? '-' : `${stat.mtimeMs}:${stat.size}`;
  } catch (error) {
    return describeError(error);
  }
}
