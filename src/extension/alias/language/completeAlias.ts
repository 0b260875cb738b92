import { CompletionItem, CompletionItemKind, l10n, MarkdownString, type TextDocument } from 'vscode';
import { nameModel } from '../../../scan/nameModel.ts';
import type { Analyser } from '../../analysis/createAnalyser.ts';
import { rangeOf } from '../../analysis/rangeOf.ts';
import { sourceOf } from '../../analysis/sourceOf.ts';
import type { ConfigStore } from '../../config/configStore.ts';
import { rateText } from '../../lens/lensText.ts';
import { probeAt, selectsModelAt } from './modelPosition.ts';

export interface CompletionDeps {
  readonly config: ConfigStore;
  readonly analyser: Pick<Analyser, 'catalogFor' | 'detect'>;
}

/** The aliases of the workspace, inside a string that selects a model. */
export async function completeAlias(
  { config, analyser }: CompletionDeps,
  document: TextDocument,
  offset: number,
): Promise<CompletionItem[]> {
  const source = sourceOf(document);
  const configuration = await config.configFor(document.uri);
  const { aliases } = configuration;
  const [any] = Object.keys(aliases);
  const probe = source && any !== undefined ? probeAt(source, offset, any) : undefined;
  if (!source || !probe || any === undefined) return [];
  if (!selectsModelAt(await analyser.detect(probe.source, configuration), probe, any)) return [];
  const catalog = await analyser.catalogFor(configuration);
  const range = rangeOf(document, probe.span);
  const written = source.text.slice(probe.span.start, offset);
  const isBegun = Object.keys(aliases).some((name) => name.startsWith(written));
  return Object.keys(aliases).map((name, at) => {
    const model = nameModel(name, catalog, aliases);
    const item = new CompletionItem({ label: name, description: model.name }, CompletionItemKind.Constant);
    item.detail = `${model.name} · ${rateText(model.lookup, l10n.t)}`;
    item.documentation = new MarkdownString(
      l10n.t('Alias of `tollgate.jsonc`. As a plain string it works only through a Tollgate service.'),
    );
    item.range = range;
    // The editor would leave out what does not begin like the model that is to be exchanged.
    if (!isBegun) item.filterText = written + name;
    // Before the words of the file, in the order of the configuration.
    item.sortText = `!${String(at).padStart(4, '0')}`;
    return item;
  });
}
