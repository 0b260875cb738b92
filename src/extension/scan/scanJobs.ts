import { type WorkspaceFolder, workspace } from 'vscode';
import type { ConfigStore } from '../config/configStore.ts';
import type { Host } from '../host.ts';
import type { ScanJob } from './scanMessages.ts';

/** The workspace folders that can be walked: those on disk. */
export function foldersOnDisk(): WorkspaceFolder[] {
  return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

/** What holds for a folder: its aliases and prices, and what is left out by `files.exclude` and `tollgate.exclude`. */
export async function scanJob(host: Host, config: ConfigStore, folder: WorkspaceFolder): Promise<ScanJob> {
  const { aliases, prices } = await config.configFor(folder.uri);
  return {
    folder: folder.uri.fsPath,
    exclude: [...filesExclude(folder), ...host.settings.current().exclude],
    aliases,
    overrides: prices.overrides,
  };
}

/** Globs that are on. One with a condition (`when`) depends on other files: such files are read. */
function filesExclude(folder: WorkspaceFolder): string[] {
  const value: unknown = workspace.getConfiguration('files', folder.uri).get('exclude');
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([glob, on]: [string, unknown]) => (on === true ? [glob] : []));
}
