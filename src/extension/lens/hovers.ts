import { type Disposable, Hover, l10n, languages, MarkdownString, type Position, type TextDocument } from 'vscode';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import type { Host } from '../host.ts';
import { documentSelector } from './documentSelector.ts';
import { hoverText } from './hoverText.ts';

/** The breakdown, wherever the pointer rests on a model or a prompt. Also for those that the thresholds keep quiet. */
export function startHovers(host: Host, analysis: DocumentAnalysis): Disposable {
  return languages.registerHoverProvider(documentSelector, {
    async provideHover(document: TextDocument, position: Position) {
      if (host.settings.current().display === 'off') return undefined;
      await analysis.current(document);
      const offset = document.offsetAt(position);
      const here = analysis.annotations(document).filter(({ span }) => span.start <= offset && offset <= span.end);
      // A mention can stand inside a prompt: the smaller one is meant.
      const smallest = here.sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start))[0];
      return smallest && new Hover(new MarkdownString(hoverText(smallest, l10n.t)), rangeOf(document, smallest.span));
    },
  });
}
