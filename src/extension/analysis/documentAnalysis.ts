import {
  Disposable,
  type Event,
  EventEmitter,
  type TextDocument,
  type TextDocumentChangeEvent,
  window,
  workspace,
} from 'vscode';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { type AnalysedDocument, AnalysisStore } from './analysisStore.ts';
import type { Analysis, Annotation } from './annotation.ts';
import { otherCells } from './notebookCells.ts';
import { shouldAnnotate } from './shouldAnnotate.ts';
import { visibleDocuments } from './visibleDocuments.ts';

const idleMs = 300;
const maxDocuments = 100;

/** Analyses of the documents on screen, for every surface. */
export interface DocumentAnalysis {
  /** What is to be shown now: empty until there is a first analysis, and for what is not to be annotated. */
  annotations(document: TextDocument): readonly Annotation[];
  /** Of the present text; waits for it. Undefined when the document is not to be annotated or changed meanwhile. */
  current(document: TextDocument): Promise<Analysis | undefined>;
  /** The annotations of a document are others than before, or may be. */
  readonly onDidChange: Event<TextDocument>;
  /** A document was closed. */
  readonly onDidClose: Event<TextDocument>;
}

export interface DocumentAnalysisDeps {
  readonly analyse: (document: TextDocument) => Promise<Pick<Analysis, 'findings' | 'annotations'>>;
  /** Aliases or prices changed. */
  readonly onDidChangeInputs: Event<unknown>;
}

interface OpenDocument extends AnalysedDocument {
  readonly document: TextDocument;
}

const asOpen = (document: TextDocument): OpenDocument => ({
  key: document.uri.toString(),
  document,
  get version() {
    return document.version;
  },
});

/** Keeps documents on screen analysed: at once when they appear, after a pause when they are typed in. */
export function startDocumentAnalysis(host: Host, deps: DocumentAnalysisDeps): DocumentAnalysis & Disposable {
  const changed = new EventEmitter<TextDocument>();
  const store = new AnalysisStore<OpenDocument>({
    analyse: ({ document }) => deps.analyse(document),
    idleMs,
    maxDocuments,
    startTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return { dispose: () => clearTimeout(timer) };
    },
    onChange: ({ document }) => changed.fire(document),
    onProblem: (error) => host.log.error('a document could not be analysed', describeError(error)),
  });
  const wanted = (document: TextDocument): boolean => shouldAnnotate(document, host.settings.current());
  const shows = (): boolean => host.settings.current().display !== 'off';
  const showVisible = (): void => {
    if (!shows()) return;
    for (const document of visibleDocuments()) if (wanted(document)) void store.current(asOpen(document));
  };
  const refresh = (): void => {
    store.invalidate();
    for (const document of visibleDocuments()) changed.fire(document);
    showVisible();
  };

  showVisible();
  const subscriptions = Disposable.from(
    changed,
    store,
    window.onDidChangeVisibleTextEditors(showVisible),
    window.onDidChangeVisibleNotebookEditors(showVisible),
    workspace.onDidChangeNotebookDocument(showVisible),
    workspace.onDidChangeTextDocument((event) => {
      const visible = shows() && visibleDocuments().has(event.document) && wanted(event.document);
      store.edit(asOpen(event.document), changesOf(event), visible);
      // What prices the prompts of one cell may stand in another.
      if (visible && event.contentChanges.length > 0)
        for (const cell of otherCells(event.document)) store.edit(asOpen(cell), [], true);
    }),
    workspace.onDidCloseTextDocument((document) => store.forget(document.uri.toString())),
    host.settings.onDidChange(refresh),
    deps.onDidChangeInputs(refresh),
  );
  return {
    annotations: (document) => (wanted(document) ? (store.peek(document.uri.toString()) ?? []) : []),
    current: async (document) => (wanted(document) ? store.current(asOpen(document)) : undefined),
    onDidChange: changed.event,
    onDidClose: workspace.onDidCloseTextDocument,
    dispose: () => subscriptions.dispose(),
  };
}

function changesOf(event: TextDocumentChangeEvent): { start: number; length: number; inserted: number }[] {
  return event.contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
    start: rangeOffset,
    length: rangeLength,
    inserted: text.length,
  }));
}
