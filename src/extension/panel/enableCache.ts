import { commands, l10n, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { configFileName } from '../../config/config.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { serviceErrors } from '../service/errors.ts';
import { tellError } from '../tellError.ts';
import type { CacheKind } from './planCacheEdit.ts';

/** Commands that switch a cache on in `tollgate.jsonc`, creating the file where there is none. */
export function startEnableCache({ log }: Host): Disposable {
  const store = new DisposableStore((error) => log.warn('cache', describeError(error)));
  const command = (id: string, kind: CacheKind): void => {
    store.add(commands.registerCommand(id, () => enable(kind).catch((error: unknown) => tellError(error, log))));
  };
  command(commandIds.enableExactCache, 'exact');
  command(commandIds.enableSemanticCache, 'semantic');
  return store;
}

async function enable(kind: CacheKind): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) throw serviceErrors.noFolder();
  // Editing JSON is no part of activation.
  const { withCacheOn } = await import('./planCacheEdit.ts');
  const uri = Uri.joinPath(folder.uri, configFileName);
  const edit = new WorkspaceEdit();
  if (await isThere(uri)) {
    const document = await workspace.openTextDocument(uri);
    const before = document.getText();
    const all = new Range(document.positionAt(0), document.positionAt(before.length));
    edit.replace(uri, all, withCacheOn(before, kind));
  } else {
    edit.createFile(uri, { contents: new TextEncoder().encode(withCacheOn(undefined, kind)) });
  }
  await workspace.applyEdit(edit);
  const document = await workspace.openTextDocument(uri);
  await document.save();
  await showDone(kind, uri);
}

async function showDone(kind: CacheKind, uri: Uri): Promise<void> {
  const show = l10n.t('Show');
  const text =
    kind === 'exact'
      ? l10n.t('Repeated requests are now answered from the cache.')
      : l10n.t('The same question in other words is now answered from the cache.');
  if ((await window.showInformationMessage(text, show)) === show) await window.showTextDocument(uri);
}

async function isThere(uri: Uri): Promise<boolean> {
  const found = await workspace.findFiles(workspace.asRelativePath(uri, false), null, 1);
  return found.length > 0;
}
