import { randomUUID } from 'node:crypto';
import { type WorkspaceFolder, workspace } from 'vscode';
import type { RegisteredWorkspace } from '../../service/api.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import type { StoredKeys } from '../keys/storedKeys.ts';
import { describeError } from '../log.ts';
import { createListeners } from '../service/listeners.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { applyPlan, clearPlan } from './applyPlan.ts';
import { type BaseUrlConflict, findConflicts, providersWithKey } from './environmentSources.ts';
import { type FolderSources, gatherSources } from './gatherSources.ts';
import type { MeteringChoices } from './meteringChoices.ts';
import { type EnvironmentPlan, planEnvironment } from './planEnvironment.ts';
import { providerVariables } from './providerVariables.ts';
import { createRegistrationMemory } from './registrationMemory.ts';

/** Whether this workspace's programs are sent through Tollgate. */
export type MeteringState =
  | { readonly kind: 'off' }
  /** `elsewhere`: base URLs that are set already and left as they are, in any folder. */
  | { readonly kind: 'on'; readonly elsewhere: readonly BaseUrlConflict[] };

export interface Metering {
  readonly state: MeteringState;
  readonly onDidChange: (listener: (state: MeteringState) => void) => Disposable;
  /** Looks at the folders again and sets or clears their variables. */
  refresh(): Promise<void>;
  /** The plan of a debug session; undefined while metering is off. */
  sessionPlan(folder: WorkspaceFolder | undefined, conflicts: readonly BaseUrlConflict[]): EnvironmentPlan | undefined;
  start(): Disposable;
}

interface FolderPlan {
  readonly folder: WorkspaceFolder;
  readonly sources: FolderSources;
}

export function createMetering(
  host: Host,
  service: ServiceAccess,
  keys: StoredKeys,
  choices: MeteringChoices,
): Metering {
  const { log, context } = host;
  const onProblem = (error: unknown): void => log.error('metering', describeError(error));
  const listeners = createListeners<MeteringState>(onProblem);
  const memory = createRegistrationMemory(context.secrets, log);
  let state: MeteringState = { kind: 'off' };
  let registered: RegisteredWorkspace | undefined;
  let session = '';
  let folders: readonly FolderPlan[] = [];
  let work: Promise<void> = Promise.resolve();

  const plan = (sources: FolderSources, workspaceNow: RegisteredWorkspace, conflicts: readonly BaseUrlConflict[]) =>
    planEnvironment({
      workspace: workspaceNow,
      conflicts,
      confirmedUpstreams: choices.confirmedUpstreams(),
      providersWithKey: providersWithKey([...sources.shared, ...sources.launch]),
      providersWithStoredKey: new Set(
        providerVariables.map(({ provider }) => provider).filter((provider) => keys.names().includes(provider)),
      ),
      headers: { 'x-tollgate-session': session },
    });

  const look = async (): Promise<void> => {
    const wanted = choices.choice() === 'on' && workspace.isTrusted;
    const current = registered;
    if (!wanted || current === undefined) {
      clearPlan(context.environmentVariableCollection, workspace.workspaceFolders ?? []);
      folders = [];
      change({ kind: 'off' });
      return;
    }
    const found = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    folders = await Promise.all(found.map(async (folder) => ({ folder, sources: await gatherSources(folder, log) })));
    const elsewhere: BaseUrlConflict[] = [];
    for (const { folder, sources } of folders) {
      const folderPlan = plan(sources, current, findConflicts(sources.shared));
      applyPlan(context.environmentVariableCollection, folder, folderPlan);
      elsewhere.push(...plan(sources, current, findConflicts([...sources.shared, ...sources.launch])).notMetered);
    }
    change({ kind: 'on', elsewhere });
  };
  const change = (next: MeteringState): void => {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    listeners.tell(state);
  };
  const refresh = (): Promise<void> => {
    work = work.then(look).catch(onProblem);
    return work;
  };

  const begin = async (): Promise<void> => {
    session = await choices.session(Date.now(), () => randomUUID().slice(0, 13));
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
    // A service that comes back has the same port and token, so terminals can have their variables before it answers.
    const remembered = folder !== undefined && choices.choice() === 'on' ? await memory.recall(folder) : undefined;
    registered ??= remembered;
    await refresh();
  };
  const adopt = (): void => {
    const { state: serviceState } = service.view;
    if (serviceState.kind !== 'connected' || serviceState.workspace === registered) return;
    registered = serviceState.workspace;
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
    if (folder !== undefined) memory.remember(folder, registered).catch(onProblem);
    refresh();
  };

  return {
    get state() {
      return state;
    },
    onDidChange: listeners.on,
    refresh,
    sessionPlan(folder, conflicts) {
      const found = folders.find((entry) => entry.folder.uri.toString() === folder?.uri.toString()) ?? folders[0];
      if (state.kind !== 'on' || registered === undefined || found === undefined) return undefined;
      return plan(found.sources, registered, [...findConflicts(found.sources.shared), ...conflicts]);
    },
    start() {
      const store = new DisposableStore(onProblem);
      begin().then(adopt, onProblem);
      store.add(service.onDidChange(adopt));
      store.add(keys.onDidChange(refresh));
      store.add(workspace.onDidChangeWorkspaceFolders(refresh));
      store.add(
        workspace.onDidChangeConfiguration((event) => {
          if (event.affectsConfiguration('terminal.integrated.env') || event.affectsConfiguration('launch')) refresh();
        }),
      );
      const envFiles = store.add(workspace.createFileSystemWatcher('**/.env*'));
      for (const changed of [envFiles.onDidChange, envFiles.onDidCreate, envFiles.onDidDelete])
        store.add(changed(refresh));
      return store;
    },
  };
}
