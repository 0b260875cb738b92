import { type Disposable, type TextDocument, WorkspaceEdit, workspace } from 'vscode';
import { configFileName } from '../../config/config.ts';
import { configFolder } from '../config/configStore.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { addFileChange, dirtyFiles, saveFiles } from './fileChange.ts';

/** After `tollgate.jsonc` was saved, the generated maps say what it says. One with errors changes nothing. */
export function startMapUpdates(host: Host): Disposable {
  return workspace.onDidSaveTextDocument((document) => {
    if (!document.uri.path.endsWith(`/${configFileName}`)) return;
    updateMaps(document).catch((error: unknown) =>
      host.log.error('the generated model maps could not be updated', describeError(error)),
    );
  });
}

async function updateMaps(document: TextDocument): Promise<void> {
  const folder = configFolder(document.uri);
  if (!folder) return;
  const { declaredAliases, mapChanges } = await import('./modelMaps.ts');
  const aliases = declaredAliases(document.getText());
  const changes = aliases ? await mapChanges(folder, aliases) : [];
  if (changes.length === 0) return;
  const edit = new WorkspaceEdit();
  for (const change of changes) addFileChange(edit, change);
  const dirtyBefore = dirtyFiles(changes);
  if (await workspace.applyEdit(edit)) await saveFiles(changes, dirtyBefore);
}
