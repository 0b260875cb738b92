import type { Config, ConfigProblem } from '../../config/config.ts';
import { defaultConfig } from '../../config/defaultConfig.ts';
import { type ConfigLayer, type LayerKind, parseConfigFile } from '../../config/parseConfigFile.ts';
import { resolveConfig } from '../../config/resolveConfig.ts';

/** The texts of one folder's files and of the user's settings; absent = there is none. */
export type LayerTexts = Readonly<Partial<Record<LayerKind, string>>>;

export type LayerProblems = Readonly<Record<LayerKind, readonly ConfigProblem[]>>;

const kinds: readonly LayerKind[] = ['workspace', 'local', 'user'];

/** What is wrong with the texts, each problem with the layer it stands in. */
export function checkLayers(texts: LayerTexts, trusted: boolean): LayerProblems {
  const parsed = kinds.flatMap((kind) => {
    const text = texts[kind];
    return text === undefined ? [] : [{ kind, ...parseConfigFile(text, kind) }];
  });
  const resolved = resolveConfig(
    parsed.map(({ layer }) => layer),
    { trusted },
  );
  const of = (kind: LayerKind): ConfigProblem[] => [
    ...parsed.filter((file) => file.kind === kind).flatMap(({ problems }) => problems),
    ...resolved.problems.filter(({ layer }) => layer === kind),
  ];
  return { workspace: of('workspace'), local: of('local'), user: of('user') };
}

/** The configuration in force in one folder. A file with errors does not change it: its last good version stays. */
export class FolderConfig {
  readonly #good = new Map<LayerKind, ConfigLayer>();
  #config: Config = defaultConfig;

  get config(): Config {
    return this.#config;
  }

  load(texts: LayerTexts, trusted: boolean): void {
    for (const kind of kinds) this.#accept(kind, texts[kind]);
    this.#config = resolveConfig([...this.#good.values()], { trusted }).config;
  }

  #accept(kind: LayerKind, text: string | undefined): void {
    if (text === undefined) {
      this.#good.delete(kind);
      return;
    }
    const { layer, problems } = parseConfigFile(text, kind);
    // The first reading of a broken file has no good version before it: its valid parts are better than nothing.
    if (!this.#good.has(kind) || !problems.some(({ severity }) => severity === 'error')) this.#good.set(kind, layer);
  }
}
