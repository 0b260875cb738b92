import { isDeepStrictEqual } from 'node:util';
import { Disposable, type Event, EventEmitter, Uri, type WorkspaceFolder, workspace } from 'vscode';
import { type Config, type ConfigProblem, configFileName, localConfigFileName } from '../../config/config.ts';
import type { LayerKind } from '../../config/parseConfigFile.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { FolderConfig, LayerTexts } from './folderConfig.ts';
import { readFileText, readLiveText } from './folderFiles.ts';

type ConfigCode = typeof import('./folderConfig.ts');

const layerFiles = [
  ['workspace', configFileName],
  ['local', localConfigFileName],
] as const satisfies readonly (readonly [LayerKind, string])[];
const configGlob = `**/{${configFileName},${localConfigFileName}}`;

export interface FileProblems {
  readonly uri: Uri;
  readonly text: string;
  readonly problems: readonly ConfigProblem[];
}

/** `tollgate.jsonc` and its layers, for each workspace folder. */
export interface ConfigStore {
  /** The configuration in force for a document, or for the first folder. Waits for the first reading. */
  configFor(uri: Uri | undefined): Promise<Config>;
  /** What is wrong in the files as they are in the editor now. */
  problems(folder: WorkspaceFolder): Promise<readonly FileProblems[]>;
  /** The configuration in force is another than before. */
  readonly onDidChange: Event<void>;
  /** The files were read again; problems may be others. */
  readonly onDidRead: Event<WorkspaceFolder | undefined>;
}

export function startConfigStore(host: Host): ConfigStore & Disposable {
  const changed = new EventEmitter<void>();
  const wasRead = new EventEmitter<WorkspaceFolder | undefined>();
  const folders = new Map<string, Promise<FolderConfig>>();
  // Loaded on first need: reading configuration is no part of activation.
  let code: Promise<ConfigCode> | undefined;
  const loadCode = (): Promise<ConfigCode> => {
    code ??= import('./folderConfig.ts');
    return code;
  };
  const userText = (): string => JSON.stringify(host.settings.current().config);

  async function textsOf(folder: WorkspaceFolder | undefined, read: typeof readLiveText): Promise<LayerTexts> {
    const files = await Promise.all(
      layerFiles.map(async ([kind, name]) => [kind, folder && (await read(Uri.joinPath(folder.uri, name)))] as const),
    );
    const texts = Object.fromEntries(files.filter(([, text]) => text !== undefined));
    return { ...texts, user: userText() };
  }

  async function load(folder: WorkspaceFolder | undefined, before: Promise<FolderConfig> | undefined) {
    const { FolderConfig: Folder } = await loadCode();
    const state = (await before) ?? new Folder();
    const previous = state.config;
    state.load(await textsOf(folder, readFileText), workspace.isTrusted);
    if (before !== undefined && !isDeepStrictEqual(previous, state.config)) changed.fire();
    wasRead.fire(folder);
    return state;
  }

  function reload(folder: WorkspaceFolder | undefined): Promise<FolderConfig> {
    const key = folder?.uri.toString() ?? '';
    // One after the other, so that the last reading is the one that stays.
    const loading = load(folder, folders.get(key));
    folders.set(key, loading);
    loading.catch((error: unknown) => {
      host.log.error('the configuration could not be read', describeError(error));
      folders.delete(key);
    });
    return loading;
  }
  const reloadAll = (): void => {
    for (const folder of workspace.workspaceFolders ?? [undefined]) void reload(folder);
  };
  const reloadFile = (uri: Uri): void => {
    const folder = configFolder(uri);
    if (folder) void reload(folder);
  };
  const watcher = workspace.createFileSystemWatcher(configGlob);
  const subscriptions = Disposable.from(
    changed,
    wasRead,
    watcher,
    watcher.onDidChange(reloadFile),
    watcher.onDidCreate(reloadFile),
    watcher.onDidDelete(reloadFile),
    // File systems that are not on disk may report no changes.
    workspace.onDidSaveTextDocument(({ uri }) => reloadFile(uri)),
    workspace.onDidGrantWorkspaceTrust(reloadAll),
    host.settings.onDidChange(reloadAll),
  );
  return {
    async configFor(uri) {
      const folder = folderFor(uri);
      return (await (folders.get(folder?.uri.toString() ?? '') ?? reload(folder))).config;
    },
    async problems(folder) {
      const texts = await textsOf(folder, readLiveText);
      const { checkLayers } = await loadCode();
      const problems = checkLayers(texts, workspace.isTrusted);
      return layerFiles.map(([kind, name]) => ({
        uri: Uri.joinPath(folder.uri, name),
        text: texts[kind] ?? '',
        problems: problems[kind],
      }));
    },
    onDidChange: changed.event,
    onDidRead: wasRead.event,
    dispose: () => subscriptions.dispose(),
  };
}

/** The folder whose `tollgate.jsonc` counts for a document: its own, else the first. */
export function folderFor(uri: Uri | undefined): WorkspaceFolder | undefined {
  return (uri && workspace.getWorkspaceFolder(uri)) ?? workspace.workspaceFolders?.[0];
}

/** The configuration files of a folder, there or not. */
export function configUris(folder: WorkspaceFolder): Uri[] {
  return layerFiles.map(([, name]) => Uri.joinPath(folder.uri, name));
}

/** The workspace folder that a file is a configuration file of. */
export function configFolder(uri: Uri): WorkspaceFolder | undefined {
  const folder = workspace.getWorkspaceFolder(uri);
  return folder && configUris(folder).some((file) => file.toString() === uri.toString()) ? folder : undefined;
}
