import type { TextDocument, Uri } from 'vscode';
import type { Advice } from '../../advice/advice.ts';
import { giveAdvice } from '../../advice/giveAdvice.ts';
import type { RuleLevels } from '../../advice/ruleIds.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type CatalogOptions, loadCatalog } from '../../catalog/loadCatalog.ts';
import { catalogOptions } from '../../config/catalogOptions.ts';
import type { Config } from '../../config/config.ts';
import type { ModelCall } from '../../detect/calls/modelCall.ts';
import type { Finding, SourceText } from '../../detect/finding.ts';
import { nameModel } from '../../scan/nameModel.ts';
import { createTokenCounter } from '../../tokens/createTokenCounter.ts';
import { spawnTokenWorker } from '../../tokens/spawnTokenWorker.ts';
import type { Disposable } from '../disposables.ts';
import type { PriceStore } from '../prices/priceStore.ts';
import { annotate } from './annotate.ts';
import type { Analysis } from './annotation.ts';
import { createDocumentDetector } from './documentDetector.ts';
import { sourceOf } from './sourceOf.ts';

export interface AnalyserDeps {
  /** Absolute path of a file of the extension. */
  readonly pathOf: (file: string) => string;
  readonly configFor: (uri: Uri) => Promise<Config>;
  readonly prices: Pick<PriceStore, 'data' | 'catalog' | 'onDidChange'>;
  /** What a provider has counted of a text for a model (`anthropic/claude-sonnet-4-5`). */
  readonly exactCount: (model: string, text: string) => number | undefined;
  readonly defaultModel: () => string;
  /** The other code cells of the notebook that a document is a cell of. */
  readonly otherCells: (document: TextDocument) => readonly TextDocument[];
  /** From its workspace folder, else absolute. */
  readonly relativePath: (uri: Uri) => string;
  readonly now: () => Date;
}

/** Detection, prices and token counts, brought together for one document at a time. */
export interface Analyser extends Disposable {
  analyse(document: TextDocument): Promise<Pick<Analysis, 'findings' | 'annotations'>>;
  /** The pitfalls of a document, as far as their rules are not off. */
  advise(document: TextDocument, levels: RuleLevels): Promise<readonly Advice[]>;
  /** The calls to models in a document. */
  calls(document: TextDocument): Promise<readonly ModelCall[]>;
  /** What a text names and says, without prices; for texts that are in no editor. */
  detect(source: SourceText, config: Pick<Config, 'aliases'>): Promise<readonly Finding[]>;
  /** Tokens of each text by itself. */
  count(texts: readonly string[], tokenizer: string | undefined): Promise<readonly number[]>;
  /** The catalogue with the prices of a configuration. */
  catalogFor(config: Config): Promise<Catalog>;
}

export function createAnalyser(deps: AnalyserDeps): Analyser {
  const catalogs = createCatalogs(deps);
  const detector = createDocumentDetector(deps.pathOf, catalogs.listed);
  // The worker behind it starts with the first count.
  const counter = createTokenCounter({ spawnWorker: () => spawnTokenWorker(deps.pathOf('dist/tokenWorker.js')) });
  return {
    async analyse(document) {
      const config = await deps.configFor(document.uri);
      const documents = [document, ...deps.otherCells(document)];
      const [findings = [], ...others] = await Promise.all(documents.map((each) => detector.findings(each, config)));
      const catalog = await catalogs.pricedBy(config);
      const { exactCount } = deps;
      const prices = { catalog, aliases: config.aliases, counter, exactCount, defaultModel: deps.defaultModel() };
      return {
        findings,
        annotations: await annotate(findings, { ...prices, source: document.getText(), elsewhere: others.flat() }),
      };
    },
    async advise(document, levels) {
      const whole = sourceOf(document);
      if (!whole) return [];
      // Folders above the workspace say nothing about what is a test.
      const source = { ...whole, path: deps.relativePath(document.uri) };
      const config = await deps.configFor(document.uri);
      const cells = deps.otherCells(document);
      const [findings = [], ...others] = await Promise.all(
        [document, ...cells].map((each) => detector.findings(each, config)),
      );
      const { aliases } = config;
      const catalog = await catalogs.pricedBy(config);
      const calls = await detector.calls(document);
      const fileText = [source.text, ...cells.map((cell) => cell.getText())].join('\n');
      const advised = { source, findings, calls, elsewhere: others.flat(), fileText };
      const today = deps.now().toISOString().slice(0, 10);
      const named = (text: string) => nameModel(text, catalog, aliases);
      return giveAdvice(advised, levels, { catalog, aliases, nameModel: named, counter, today });
    },
    calls: detector.calls,
    detect: (source, config) => detector.detect(source, config),
    count: async (texts, tokenizer) => (await counter.count(texts, tokenizer)).map(({ tokens }) => tokens),
    catalogFor: (config) => catalogs.pricedBy(config),
    async dispose() {
      catalogs.dispose();
      await Promise.all([detector.dispose(), counter.dispose()]);
    },
  };
}

/** Catalogues by the configuration they are priced by, of the prices in force. */
function createCatalogs({ prices, now }: Pick<AnalyserDeps, 'prices' | 'now'>) {
  let byConfig = new WeakMap<Config, Promise<Catalog>>();
  const subscription = prices.onDidChange(() => {
    byConfig = new WeakMap();
  });
  const load = async (options: CatalogOptions): Promise<Catalog> =>
    loadCatalog(await prices.data(), { ...options, nowMs: now().getTime() });
  return {
    listed: prices.catalog,
    dispose: () => subscription.dispose(),
    pricedBy(config: Config): Promise<Catalog> {
      const options = catalogOptions(config);
      if (options === undefined) return prices.catalog();
      const catalog = byConfig.get(config) ?? load(options);
      byConfig.set(config, catalog);
      return catalog;
    },
  };
}
