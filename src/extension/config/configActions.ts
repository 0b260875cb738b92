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
import { configFileName, localConfigFileName } from '../../config/config.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import { commandIds } from '../contributions.ts';
import { diagnosticSource } from './configDiagnostics.ts';
import type { ConfigFix } from './configFixes.ts';

const fixable = ['unknownKey', 'secretInFile'] as const;

/** Quick fixes for problems of `tollgate.jsonc`. */
export function startConfigActions(): Disposable {
  return languages.registerCodeActionsProvider(
    { pattern: `**/{${configFileName},${localConfigFileName}}` },
    {
      async provideCodeActions(document, _range, { diagnostics }) {
        const own = diagnostics.filter(({ source }) => source === diagnosticSource);
        if (own.length === 0) return [];
        const { configFix } = await import('./configFixes.ts');
        return own.flatMap((diagnostic) => {
          const code = fixable.find((each) => each === diagnostic.code);
          const start = document.offsetAt(diagnostic.range.start);
          const end = document.offsetAt(diagnostic.range.end);
          const fix = code && configFix(document.getText(), { code, start, end });
          return fix ? [actionOf(document, diagnostic, fix)] : [];
        });
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}

function actionOf(document: TextDocument, diagnostic: Diagnostic, fix: ConfigFix): CodeAction {
  const action = new CodeAction(titleOf(fix), CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new WorkspaceEdit();
  action.edit.replace(document.uri, rangeOf(document, fix.span), fix.newText);
  if (fix.kind === 'removeSecret') {
    const title = l10n.t('Set Provider Key…');
    action.command = { title, command: commandIds.setProviderKey, arguments: fix.secretName ? [fix.secretName] : [] };
  }
  return action;
}

function titleOf(fix: ConfigFix): string {
  if (fix.kind === 'rename') return l10n.t('Change to "{0}"', fix.name);
  if (fix.secretName === undefined) return l10n.t('Remove the key and store it in the editor…');
  return l10n.t('Write "secret:{0}" instead and store the key in the editor…', fix.secretName);
}
