import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  type Event,
  l10n,
  languages,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Advice } from '../../advice/advice.ts';
import type { RuleLevels } from '../../advice/ruleIds.ts';
import type { Analyser } from '../analysis/createAnalyser.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import { shouldAnnotate } from '../analysis/shouldAnnotate.ts';
import { visibleDocuments } from '../analysis/visibleDocuments.ts';
import { diagnosticSource } from '../config/configDiagnostics.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { adviceText, adviceUrl } from './adviceMessage.ts';
import type { AdviceStore } from './adviceStore.ts';

/** After the lenses: advice may wait for a longer pause. */
const idleMs = 800;

export interface AdviceParts {
  readonly host: Host;
  readonly analysis: DocumentAnalysis;
  readonly analyser: Pick<Analyser, 'advise'>;
  readonly store: AdviceStore;
  /** Aliases or prices changed. */
  readonly onDidChangeInputs: Event<unknown>;
}

/** Advice on the documents on screen as diagnostics, once they have been left alone. */
export function startAdviceDiagnostics({
  host,
  analysis,
  analyser,
  store,
  onDidChangeInputs,
}: AdviceParts): Disposable {
  const collection = languages.createDiagnosticCollection('tollgate.advice');
  const timers = new Map<string, NodeJS.Timeout>();

  async function advise(document: TextDocument): Promise<void> {
    const { uri, version } = document;
    const { advice: levels } = host.settings.current();
    try {
      // Waits for the analysis that the lenses are made of, so that a document is looked through once.
      if (!(await analysis.current(document))) return;
      const advice = await analyser.advise(document, levels);
      if (document.isClosed || document.version !== version) return;
      store.set(uri.toString(), version, advice);
      collection.set(
        uri,
        advice.map((each) => diagnosticOf(document, each, levels)),
      );
    } catch (error) {
      host.log.error('no advice could be given on a document', describeError(error));
    }
  }
  function adviseSoon(document: TextDocument, delayMs: number): void {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.delete(key);
    if (!visibleDocuments().has(document)) return;
    const settings = host.settings.current();
    if (isOff(settings.advice) || !shouldAnnotate(document, settings)) {
      forget(document);
      return;
    }
    const run = (): void => {
      timers.delete(key);
      void advise(document);
    };
    timers.set(key, setTimeout(run, delayMs));
  }
  function forget({ uri }: TextDocument): void {
    clearTimeout(timers.get(uri.toString()));
    timers.delete(uri.toString());
    store.forget(uri.toString());
    collection.delete(uri);
  }
  const adviseVisible = (): void => {
    for (const document of visibleDocuments())
      if (!store.has(document.uri.toString(), document.version)) adviseSoon(document, 0);
  };

  adviseVisible();
  return Disposable.from(
    collection,
    new Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
    window.onDidChangeVisibleTextEditors(adviseVisible),
    window.onDidChangeVisibleNotebookEditors(adviseVisible),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) adviseSoon(document, idleMs);
    }),
    // What was said to documents that are not on screen holds no longer; it is said anew when they are.
    host.settings.onDidChange(() => store.expire()),
    onDidChangeInputs(() => store.expire()),
    analysis.onDidChange((document) => adviseSoon(document, idleMs)),
    analysis.onDidClose(forget),
  );
}

const isOff = (levels: RuleLevels): boolean => Object.values(levels).every((level) => level === 'off');

function diagnosticOf(document: TextDocument, advice: Advice, levels: RuleLevels): Diagnostic {
  const severity = levels[advice.rule] === 'information' ? DiagnosticSeverity.Information : DiagnosticSeverity.Hint;
  const text = adviceText(advice.message, l10n.t);
  const diagnostic = new Diagnostic(rangeOf(document, advice.span), text, severity);
  diagnostic.source = diagnosticSource;
  diagnostic.code = { value: advice.rule, target: Uri.parse(adviceUrl(advice.rule)) };
  return diagnostic;
}
