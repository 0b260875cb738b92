import { workspace } from 'vscode';
import type { ExactCounts } from '../../tokens/exactCounts.ts';
import type { ConfigStore } from '../config/configStore.ts';
import type { Host } from '../host.ts';
import type { PriceStore } from '../prices/priceStore.ts';
import type { Analyser } from './createAnalyser.ts';
import { otherCells } from './notebookCells.ts';

export interface AnalyserInputs {
  readonly config: ConfigStore;
  readonly prices: PriceStore;
  /** What providers have counted. */
  readonly counts: Pick<ExactCounts, 'get'>;
}

/** The analyser, made when the first document is analysed: detection, prices and tokenizer are no part of activation. */
export function createLazyAnalyser(host: Host, { config, prices, counts }: AnalyserInputs): Analyser {
  let made: Promise<Analyser> | undefined;
  const analyser = (): Promise<Analyser> => {
    made ??= import('./createAnalyser.ts').then(({ createAnalyser }) =>
      createAnalyser({
        pathOf: (file) => host.context.asAbsolutePath(file),
        configFor: (uri) => config.configFor(uri),
        prices,
        exactCount: counts.get,
        otherCells,
        relativePath: (uri) => workspace.asRelativePath(uri, false),
        now: () => new Date(),
        defaultModel: () => host.settings.current().defaultModel,
      }),
    );
    return made;
  };
  return {
    analyse: async (document) => (await analyser()).analyse(document),
    advise: async (document, levels) => (await analyser()).advise(document, levels),
    calls: async (document) => (await analyser()).calls(document),
    detect: async (source, config) => (await analyser()).detect(source, config),
    count: async (texts, tokenizer) => (await analyser()).count(texts, tokenizer),
    catalogFor: async (configuration) => (await analyser()).catalogFor(configuration),
    dispose: async () => (await made)?.dispose(),
  };
}
