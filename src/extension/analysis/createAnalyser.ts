import { readFile } from 'node:fs/promises';
import type { TextDocument, Uri } from 'vscode';
import { findMapMembers } from '../../advice/findMapMembers.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { loadCatalog } from '../../catalog/loadCatalog.ts';
import type { Config } from '../../config/config.ts';
import { createDetector } from '../../detect/createDetector.ts';
import type { Detector } from '../../detect/finding.ts';
import { createTokenCounter } from '../../tokens/createTokenCounter.ts';
import { spawnTokenWorker } from '../../tokens/spawnTokenWorker.ts';
import type { Disposable } from '../disposables.ts';
import { annotate } from './annotate.ts';
import type { Analysis } from './annotation.ts';
import { documentLanguage } from './documentLanguage.ts';

export interface AnalyserDeps {
  /** Absolute path of a file of the extension. */
  readonly pathOf: (file: string) => string;
  readonly configFor: (uri: Uri) => Promise<Config>;
  readonly defaultModel: () => string;
}

/** Detection, prices and token counts, brought together for one document at a time. */
export interface Analyser extends Disposable {
  analyse(document: TextDocument): Promise<Pick<Analysis, 'findings' | 'annotations'>>;
  /** The catalogue with the prices of a configuration. */
  catalogFor(config: Config): Promise<Catalog>;
}

export function createAnalyser(deps: AnalyserDeps): Analyser {
  const catalogs = createCatalogs(() => readFile(deps.pathOf('media/prices.json'), 'utf8'));
  // Of all folders together: a detector keeps grammars, so there is one.
  const aliases = new Set<string>();
  let detector: Promise<Detector> | undefined;
  // The worker behind it starts with the first count.
  const counter = createTokenCounter({ spawnWorker: () => spawnTokenWorker(deps.pathOf('dist/tokenWorker.js')) });

  async function makeDetector(): Promise<Detector> {
    return createDetector({
      catalog: await catalogs.listed(),
      aliases: () => aliases,
      loadGrammar: (name) => readFile(deps.pathOf(`dist/grammars/tree-sitter-${name}.wasm`)),
      loadRuntime: () => readFile(deps.pathOf('dist/grammars/tree-sitter.wasm')),
    });
  }

  return {
    async analyse(document) {
      const languageId = documentLanguage(document.uri.path, document.languageId);
      if (languageId === undefined) return { findings: [], annotations: [] };
      const text = document.getText();
      const config = await deps.configFor(document.uri);
      for (const name of Object.keys(config.aliases)) aliases.add(name);
      detector ??= makeDetector();
      const source = { languageId, path: document.uri.path, text };
      const members = findMapMembers(source, Object.keys(config.aliases));
      const detected = await (await detector).detect(source);
      const findings = [...detected, ...members].sort((a, b) => a.span.start - b.span.start);
      const catalog = await catalogs.pricedBy(config);
      const defaultModel = deps.defaultModel();
      return {
        findings,
        annotations: await annotate(findings, { catalog, aliases: config.aliases, counter, defaultModel }),
      };
    },
    catalogFor: (config) => catalogs.pricedBy(config),
    async dispose() {
      (await detector)?.dispose();
      await counter.dispose();
    },
  };
}

/** Catalogues by their overrides; the price data are read once. */
function createCatalogs(readPrices: () => Promise<string>) {
  const byOverrides = new WeakMap<Config['prices']['overrides'], Promise<Catalog>>();
  let data: Promise<unknown> | undefined;
  const listed = async (overrides?: Config['prices']['overrides']): Promise<Catalog> => {
    data ??= readPrices().then((text): unknown => JSON.parse(text));
    return loadCatalog(await data, overrides);
  };
  return {
    listed,
    pricedBy({ prices: { overrides } }: Config): Promise<Catalog> {
      const catalog = byOverrides.get(overrides) ?? listed(overrides);
      byOverrides.set(overrides, catalog);
      return catalog;
    },
  };
}
