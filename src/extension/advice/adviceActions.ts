import {
  CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Disposable,
  l10n,
  languages,
  type TextDocument,
  WorkspaceEdit,
} from 'vscode';
import type { Advice, Fix } from '../../advice/advice.ts';
import type { TextEdit } from '../../advice/aliasEdit.ts';
import { ignoreEdit } from '../../advice/ignoreComment.ts';
import { type RuleId, ruleIds } from '../../advice/ruleIds.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import { sourceOf } from '../analysis/sourceOf.ts';
import { diagnosticSource } from '../config/configDiagnostics.ts';
import { commandIds } from '../contributions.ts';
import { documentSelector } from '../lens/documentSelector.ts';
import { adviceText } from './adviceMessage.ts';
import type { AdviceStore } from './adviceStore.ts';

/** Quick fixes of an advice: what takes its reason away, then how to read about it, ignore it or turn its rule off. */
export function startAdviceActions(store: AdviceStore, analysis: DocumentAnalysis): Disposable {
  return languages.registerCodeActionsProvider(
    documentSelector,
    {
      async provideCodeActions(document, _range, { diagnostics }) {
        const own = diagnostics.flatMap((diagnostic) => {
          const rule = ruleOf(diagnostic);
          return rule === undefined ? [] : [{ diagnostic, rule }];
        });
        if (own.length === 0) return [];
        const findings = (await analysis.current(document))?.findings ?? [];
        const prompts = findings.filter((finding) => finding.kind === 'prompt');
        return own.flatMap(({ diagnostic, rule }) => {
          const start = document.offsetAt(diagnostic.range.start);
          const advice = store.find(document.uri.toString(), document.version, rule, start);
          const source = sourceOf(document);
          const ignore = advice && source && ignoreEdit(source, advice.span, rule, prompts);
          return [
            ...(advice ? fixesOf(document, diagnostic, advice) : []),
            ...(ignore ? [ignoreAction(document, diagnostic, rule, ignore)] : []),
            ...ruleActions(diagnostic, rule),
          ];
        });
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}

function ruleOf({ source, code }: Diagnostic): RuleId | undefined {
  const value = typeof code === 'object' ? code.value : code;
  return source === diagnosticSource ? ruleIds.find((rule) => rule === value) : undefined;
}

function actionOf(title: string, diagnostic: Diagnostic): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  return action;
}

function editOf(document: TextDocument, edits: readonly TextEdit[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { span, newText } of edits) edit.replace(document.uri, rangeOf(document, span), newText);
  return edit;
}

function fixesOf(document: TextDocument, diagnostic: Diagnostic, { fixes }: Advice): CodeAction[] {
  return fixes.map((fix: Fix) => {
    const title = adviceText(fix.title, l10n.t);
    const action = actionOf(title, diagnostic);
    if (fix.kind === 'edit') action.edit = editOf(document, fix.edits);
    else {
      const place = { uri: document.uri.toString(), offset: fix.offset, text: fix.text };
      action.command = { title, command: commandIds.useAlias, arguments: [place] };
    }
    return action;
  });
}

function ignoreAction(document: TextDocument, diagnostic: Diagnostic, rule: RuleId, edit: TextEdit): CodeAction {
  const action = actionOf(l10n.t('Ignore {0} on this line', rule), diagnostic);
  action.edit = editOf(document, [edit]);
  return action;
}

function ruleActions(diagnostic: Diagnostic, rule: RuleId): CodeAction[] {
  const explain = actionOf(l10n.t('Explain {0}', rule), diagnostic);
  explain.command = { title: explain.title, command: commandIds.explainAdvice, arguments: [rule] };
  const turnOff = actionOf(l10n.t('Turn {0} off…', rule), diagnostic);
  turnOff.command = { title: turnOff.title, command: commandIds.turnOffAdvice, arguments: [rule] };
  return [explain, turnOff];
}
