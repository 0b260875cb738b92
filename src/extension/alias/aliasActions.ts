import {
  CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Disposable,
  l10n,
  languages,
  type Range,
  type TextDocument,
} from 'vscode';
import type { RuleId } from '../../advice/ruleIds.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { diagnosticSource } from '../config/configDiagnostics.ts';
import { commandIds } from '../contributions.ts';
import { documentSelector } from '../lens/documentSelector.ts';
import { type ReplaceableModel, replaceableModels } from './mentions.ts';

const kind = CodeActionKind.RefactorRewrite;

/** On a model: use an alias here, or everywhere in the file. */
export function startAliasActions(analysis: DocumentAnalysis): Disposable {
  return languages.registerCodeActionsProvider(
    documentSelector,
    {
      async provideCodeActions(document, range, { diagnostics, only }) {
        const findings = (await analysis.current(document))?.findings ?? [];
        const models = replaceableModels(findings);
        const here = models.find((model) => touches(document, range, model));
        if (!here) return [];
        const { text, span } = here.mention;
        const place = { uri: document.uri.toString(), offset: span.start, text };
        const count = models.filter(({ mention }) => mention.text === text).length;
        const one = action(l10n.t('Use an alias for {0}…', text), commandIds.useAlias, place);
        // The quick fix of the advice is the same, and stands above it in the same menu.
        const ones = only === undefined && diagnostics.some(isHardcodedModel) ? [] : [one];
        if (count < 2) return ones;
        const title = l10n.t('Use an alias for {0} in all {1} places of this file…', text, count);
        return [...ones, action(title, commandIds.useAliasEverywhereInFile, place)];
      },
    },
    { providedCodeActionKinds: [kind] },
  );
}

function isHardcodedModel({ source, code }: Diagnostic): boolean {
  const rule: RuleId = 'hardcoded-model';
  return source === diagnosticSource && typeof code === 'object' && code.value === rule;
}

function touches(document: TextDocument, range: Range, { mention: { literal } }: ReplaceableModel): boolean {
  return literal.start <= document.offsetAt(range.end) && document.offsetAt(range.start) <= literal.end;
}

function action(title: string, command: string, place: unknown): CodeAction {
  const codeAction = new CodeAction(title, kind);
  codeAction.command = { title, command, arguments: [place] };
  return codeAction;
}
