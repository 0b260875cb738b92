import { commands, type Disposable, l10n, Uri, window, workspace } from 'vscode';
import { configFileName } from '../../config/config.ts';
import { commandIds } from '../contributions.ts';
import { folderFor } from './configStore.ts';
import { readLiveText } from './folderFiles.ts';

/** Opens the folder's `tollgate.jsonc`; makes one first where there is none. */
export function startOpenConfig(): Disposable {
  return commands.registerCommand(commandIds.openConfig, async () => {
    const folder = folderFor(window.activeTextEditor?.document.uri);
    if (!folder) {
      await window.showErrorMessage(l10n.t('Open a folder first: {0} belongs to one.', configFileName));
      return;
    }
    const uri = Uri.joinPath(folder.uri, configFileName);
    if ((await readLiveText(uri)) === undefined) {
      const { createConfigText } = await import('../../config/createConfigText.ts');
      await workspace.fs.writeFile(uri, new TextEncoder().encode(createConfigText()));
    }
    await window.showTextDocument(uri);
  });
}
