import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Config, ConfigProblem } from './config.ts';
import { configProblems } from './errors.ts';
import type { ConfigFile } from './fileSchema.ts';
import { fillDefaults } from './fillDefaults.ts';
import { type Path, pathText, placeAt, placed } from './jsonTree.ts';
import { mergeRepositoryFiles, mergeUserSettings } from './mergeLayers.ts';
import type { ConfigLayer, LayerKind } from './parseConfigFile.ts';
import { checkReferences } from './references.ts';

/** A problem and the file it is in. */
export interface LayerProblem extends ConfigProblem {
  readonly layer: LayerKind;
}

export interface ResolvedConfig {
  readonly config: Config;
  readonly problems: readonly LayerProblem[];
}

const layerOrder: readonly LayerKind[] = ['user', 'local', 'workspace'];

/** The layers, strongest first. */
export function strongestFirst(layers: readonly ConfigLayer[]): ConfigLayer[] {
  return layerOrder.flatMap((kind) => layers.filter((layer) => layer.kind === kind));
}

const needTrust = ['baseUrl', 'apiKey'] as const;

/** Takes out what a repository may say only in a trusted workspace: where calls and their answers go, and with which key. */
function withoutTrust(layer: ConfigLayer): { file: ConfigFile; problems: LayerProblem[] } {
  const { file, root, kind } = layer;
  if (kind === 'user') return { file, problems: [] };
  const { providers = {}, cache = {} } = file;
  const written: Path[] = Object.entries(providers).flatMap(([name, provider]) =>
    needTrust.filter((key) => provider[key] !== undefined).map((key) => ['providers', name, key]),
  );
  if (cache.store !== undefined) written.push(['cache', 'store']);
  const { embedder, ...semanticHere } = cache.semantic ?? {};
  const sendsQuestions = embedder?.includes('/') === true;
  if (sendsQuestions) written.push(['cache', 'semantic', 'embedder']);
  const problems = written.flatMap((path): LayerProblem[] =>
    root === undefined
      ? []
      : [{ ...placed(configProblems.needsTrust(pathText(path)), placeAt(root, path)), layer: kind }],
  );
  const admitted = Object.entries(providers).map(([name, { dialect }]) => [name, { dialect }] as const);
  const { store: _store, ...rest } = cache;
  const cacheHere = sendsQuestions ? { ...rest, semantic: semanticHere } : rest;
  return {
    file: {
      ...file,
      ...(file.providers === undefined ? {} : { providers: Object.fromEntries(admitted) }),
      ...(file.cache === undefined ? {} : { cache: cacheHere }),
    },
    problems,
  };
}

/** Lists whose wrong elements were left out when a file was read, or that several files share: their places are not counted on. */
const looseLists: ReadonlySet<unknown> = new Set(['routes', 'budgets']);

/** Where a file names `name` at `path`. */
function pathOfReference(root: Node, path: Path, name: string): Path | undefined {
  const [section = '', , ...rest] = path;
  const elements = looseLists.has(section) ? (findNodeAtLocation(root, [section])?.children ?? []) : [];
  const candidates = looseLists.has(section) ? elements.map((_, place) => [section, place, ...rest]) : [path];
  return candidates.find((candidate) => {
    const written: unknown = findNodeAtLocation(root, [...candidate])?.value;
    return typeof written === 'string' && (written === name || written.startsWith(`${name}/`));
  });
}

/**
 * The effective configuration of a workspace: `tollgate.jsonc` below `tollgate.local.jsonc` below the user's settings, with
 * every default filled in. What names something that is not there is left out and reported where it stands.
 * @param options.trusted whether the workspace is: only then do its files set upstream hosts and key references
 */
export function resolveConfig(layers: readonly ConfigLayer[], { trusted }: { trusted: boolean }): ResolvedConfig {
  const admitted = layers.map((layer) => (trusted ? { file: layer.file, problems: [] } : withoutTrust(layer)));
  const fileOf = (kind: LayerKind): ConfigFile => {
    const place = layers.findIndex((layer) => layer.kind === kind);
    return admitted[place]?.file ?? {};
  };
  const repository = mergeRepositoryFiles(fileOf('workspace'), fileOf('local'));
  const { config, wrong } = checkReferences(fillDefaults(mergeUserSettings(repository, fileOf('user'))));
  const references = wrong.flatMap(({ path, section, name, text }): LayerProblem[] => {
    // what is there but wrong has been reported as such
    if (layers.some(({ root }) => root !== undefined && findNodeAtLocation(root, [section, name]))) return [];
    for (const { root, kind } of strongestFirst(layers)) {
      const written = root === undefined ? undefined : pathOfReference(root, path, name);
      if (root !== undefined && written !== undefined)
        return [{ ...placed(text, placeAt(root, written)), layer: kind }];
    }
    return [];
  });
  const unshared =
    config.cache.scope === 'team' && config.cache.store.kind === 'sqlite' ? teamWithoutStore(layers) : [];
  const alone = config.cache.store.kind === 'sqlite' ? sharedWithoutStore(layers) : [];
  return { config, problems: [...admitted.flatMap(({ problems }) => problems), ...references, ...unshared, ...alone] };
}

/** Shared limits that nobody shares, each where it is written. */
function sharedWithoutStore(layers: readonly ConfigLayer[]): LayerProblem[] {
  return layers.flatMap(({ root, kind }) => {
    if (root === undefined) return [];
    const limits = findNodeAtLocation(root, ['budgets'])?.children ?? [];
    return limits.flatMap((_, place): LayerProblem[] => {
      const path = ['budgets', place, 'shared'];
      return findNodeAtLocation(root, path)?.value === true
        ? [{ ...placed(configProblems.limitNeedsStore(), placeAt(root, path)), layer: kind }]
        : [];
    });
  });
}

/** A team without a store of its own is the workspace: said where the scope is written. */
function teamWithoutStore(layers: readonly ConfigLayer[]): LayerProblem[] {
  for (const { root, kind } of strongestFirst(layers)) {
    if (root !== undefined && findNodeAtLocation(root, ['cache', 'scope'])?.value === 'team')
      return [{ ...placed(configProblems.teamNeedsStore(), placeAt(root, ['cache', 'scope'])), layer: kind }];
  }
  return [];
}
