import { CodeLens, type CodeLensProvider, Disposable, EventEmitter, l10n, languages, type TextDocument } from 'vscode';
import type { Annotation } from '../analysis/annotation.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import { commandIds } from '../contributions.ts';
import type { Host } from '../host.ts';
import { documentSelector } from './documentSelector.ts';
import { isExchangeable, lensTitle } from './lensText.ts';
import { visibleAnnotations } from './visibleAnnotations.ts';

/** Code lenses from the analyses that are there: final texts, at once, and none dropped while the user types. */
export function startCodeLenses(host: Host, analysis: DocumentAnalysis): Disposable {
  const changed = new EventEmitter<void>();
  const rendered = new Map<string, string>();

  const shown = (document: TextDocument): Annotation[] => {
    const settings = host.settings.current();
    // Notebook cells have status bar items instead.
    if (settings.display !== 'codeLens' || document.uri.scheme === 'vscode-notebook-cell') return [];
    return visibleAnnotations(analysis.annotations(document), settings.lens);
  };
  const titles = (document: TextDocument): string =>
    shown(document)
      .map((annotation) => `${annotation.span.start} ${lensTitle(annotation, l10n.t)}`)
      .join('\n');

  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      rendered.set(document.uri.toString(), titles(document));
      return shown(document).map((annotation) => codeLens(document, annotation));
    },
  };
  return Disposable.from(
    changed,
    languages.registerCodeLensProvider(documentSelector, provider),
    host.settings.onDidChange(() => changed.fire()),
    analysis.onDidChange((document) => {
      // Lenses that are asked for again flicker; so only where the text or place is another.
      const key = document.uri.toString();
      if (rendered.get(key) !== titles(document)) changed.fire();
    }),
    analysis.onDidClose((document) => rendered.delete(document.uri.toString())),
  );
}

function codeLens(document: TextDocument, annotation: Annotation): CodeLens {
  const title = lensTitle(annotation, l10n.t);
  const { kind, span } = annotation;
  const text = kind === 'model' ? annotation.finding.text : undefined;
  const place = { uri: document.uri.toString(), offset: span.start, text };
  return new CodeLens(
    rangeOf(document, annotation.span),
    annotation.kind === 'model' && isExchangeable(annotation)
      ? {
          title,
          command: commandIds.useAlias,
          arguments: [place],
          tooltip: l10n.t('Use an alias for this model, or hide the lenses'),
        }
      : {
          title,
          command: commandIds.hideLenses,
          arguments: [place],
          tooltip:
            annotation.kind === 'model'
              ? l10n.t('Hide the lenses')
              : l10n.t('Input tokens and cost of the text; what fills the variables comes on top'),
        },
  );
}
