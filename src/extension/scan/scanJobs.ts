import { type WorkspaceFolder, workspace } from 'vscode';
import type { ConfigStore } from '../config/configStore.ts';
import type { Host } from '../host.ts';
import type { PriceStore } from '../prices/priceStore.ts';
import type { ScanJob } from './scanMessages.ts';

/** The workspace folders that can be walked: those on disk. */
export function foldersOnDisk(): WorkspaceFolder[] {
  return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

/** What holds for a folder: its aliases and prices, and what is left out by `files.exclude` and `tollgate.exclude`. */
export type JobFor = (folder: WorkspaceFolder) => Promise<ScanJob>;

export function createJobFor(host: Host, config: ConfigStore, prices: Pick<PriceStore, 'data'>): JobFor {
  return async (folder) => {
    const configuration = await config.configFor(folder.uri);
    return {
      folder: folder.uri.fsPath,
      exclude: [...filesExclude(folder), ...host.settings.current().exclude],
      aliases: configuration.aliases,
      overrides: configuration.prices.overrides,
      prices: await prices.data(),
    };
  };
}

/** Globs that are on. One with a condition (`when`) depends on other files: such files are read. */
function filesExclude(folder: WorkspaceFolder): string[] {
  const value: unknown = workspace.getConfiguration('files', folder.uri).get('exclude');
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([glob, on]: [string, unknown]) => (on === true ? [glob] : []));
}
