import { CodeAction, CodeActionKind, type Disposable, l10n, languages, type Range, type TextDocument } from 'vscode';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { commandIds } from '../contributions.ts';
import { documentSelector } from '../lens/documentSelector.ts';
import { type ReplaceableModel, replaceableModels } from './mentions.ts';

const kind = CodeActionKind.RefactorRewrite;

/** On a model: use an alias here, or everywhere in the file. */
export function startAliasActions(analysis: DocumentAnalysis): Disposable {
  return languages.registerCodeActionsProvider(
    documentSelector,
    {
      async provideCodeActions(document, range) {
        const findings = (await analysis.current(document))?.findings ?? [];
        const models = replaceableModels(findings);
        const here = models.find((model) => touches(document, range, model));
        if (!here) return [];
        const { text, span } = here.mention;
        const place = { uri: document.uri.toString(), offset: span.start, text };
        const count = models.filter(({ mention }) => mention.text === text).length;
        const one = action(l10n.t('Use an alias for {0}…', text), commandIds.useAlias, place);
        if (count < 2) return [one];
        const title = l10n.t('Use an alias for {0} in all {1} places of this file…', text, count);
        return [one, action(title, commandIds.useAliasEverywhereInFile, place)];
      },
    },
    { providedCodeActionKinds: [kind] },
  );
}

function touches(document: TextDocument, range: Range, { mention: { literal } }: ReplaceableModel): boolean {
  return literal.start <= document.offsetAt(range.end) && document.offsetAt(range.start) <= literal.end;
}

function action(title: string, command: string, place: unknown): CodeAction {
  const codeAction = new CodeAction(title, kind);
  codeAction.command = { title, command, arguments: [place] };
  return codeAction;
}
