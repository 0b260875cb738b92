import { type Disposable, Hover, l10n, languages, MarkdownString, type Position, type TextDocument } from 'vscode';
import { pricesAge } from '../../catalog/pricesAge.ts';
import type { Config } from '../../config/config.ts';
import type { Annotation } from '../analysis/annotation.ts';
import type { Analyser } from '../analysis/createAnalyser.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import type { ConfigStore } from '../config/configStore.ts';
import { commandIds } from '../contributions.ts';
import type { Host } from '../host.ts';
import { countTarget } from '../tokens/countTarget.ts';
import { documentSelector } from './documentSelector.ts';
import { isExchangeable } from './lensText.ts';

export interface HoverDeps {
  readonly host: Host;
  readonly analysis: DocumentAnalysis;
  readonly analyser: Pick<Analyser, 'catalogFor' | 'count'>;
  readonly config: ConfigStore;
}

/** The breakdown, wherever the pointer rests on a model or a prompt. Also for those that the thresholds keep quiet. */
export function startHovers(deps: HoverDeps): Disposable {
  const { host, analysis } = deps;
  return languages.registerHoverProvider(documentSelector, {
    async provideHover(document: TextDocument, position: Position) {
      if (host.settings.current().display === 'off') return undefined;
      await analysis.current(document);
      const offset = document.offsetAt(position);
      const here = analysis.annotations(document).filter(({ span }) => span.start <= offset && offset <= span.end);
      // A mention can stand inside a prompt: the smaller one is meant.
      const smallest = here.sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start))[0];
      return smallest && hoverOf(deps, document, smallest);
    },
  });
}

async function hoverOf(
  { analyser, config }: HoverDeps,
  document: TextDocument,
  annotation: Annotation,
): Promise<Hover> {
  const [{ hoverText }, { hoverDetails }] = await Promise.all([import('./hoverText.ts'), import('./hoverDetails.ts')]);
  const configuration = await config.configFor(document.uri);
  const details = await hoverDetails(annotation, document.getText(), {
    catalog: await analyser.catalogFor(configuration),
    aliases: configuration.aliases,
    nowMs: Date.now(),
    count: analyser.count,
  });
  const text = new MarkdownString(
    `${hoverText(annotation, details, l10n.t)}\n\n${links(document, annotation, details.nowMs, configuration.aliases)}`,
  );
  text.isTrusted = { enabledCommands: [useAlias, hideLenses, countExactly, updatePrices] };
  return new Hover(text, rangeOf(document, annotation.span));
}

const { useAlias, hideLenses, countExactly, updatePrices } = commandIds;

/** What the lens offers as well, for those who have none, and what makes the figures better. */
function links(document: TextDocument, annotation: Annotation, nowMs: number, aliases: Config['aliases']): string {
  const text = annotation.kind === 'model' ? annotation.finding.text : undefined;
  const place = { uri: document.uri.toString(), offset: annotation.span.start, text };
  const link = (title: string, command: string, ...args: readonly unknown[]): string =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
  const isCountable =
    annotation.kind === 'prompt' &&
    annotation.priced !== undefined &&
    annotation.count.basis === 'estimated' &&
    countTarget(annotation.priced.model.name, annotation.priced.model, aliases).kind === 'ask';
  const isExchanged = annotation.kind === 'model' && isExchangeable(annotation);
  return [
    ...(isExchanged ? [link(l10n.t('Use an alias…'), useAlias, place)] : []),
    ...(isCountable ? [link(l10n.t('Count exactly'), countExactly, place)] : []),
    ...(isStale(annotation, nowMs) ? [link(l10n.t('Update prices'), updatePrices)] : []),
    link(l10n.t('Hide…'), hideLenses, place),
  ].join(' · ');
}

function isStale(annotation: Annotation, nowMs: number): boolean {
  const lookup = (annotation.kind === 'model' ? annotation.model : annotation.priced?.model)?.lookup;
  const price = lookup?.kind === 'known' ? lookup.model.price : undefined;
  return price !== undefined && pricesAge(price.asOf, nowMs, price.changesOn).state !== 'fresh';
}
