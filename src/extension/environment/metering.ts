import { randomUUID } from 'node:crypto';
import { type WorkspaceFolder, workspace } from 'vscode';
import type { RegisteredWorkspace } from '../../service/api.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import type { StoredKeys } from '../keys/storedKeys.ts';
import { describeError } from '../log.ts';
import { createListeners, type Listeners } from '../service/listeners.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { applyPlan, clearPlan } from './applyPlan.ts';
import { type BaseUrlConflict, findConflicts, providersWithKey } from './environmentSources.ts';
import { type FolderSources, gatherSources } from './gatherSources.ts';
import type { MeteringChoices } from './meteringChoices.ts';
import { type EnvironmentPlan, planEnvironment } from './planEnvironment.ts';
import { providerVariables } from './providerVariables.ts';
import { createRegistrationMemory, type RegistrationMemory } from './registrationMemory.ts';

/** Whether this workspace's programs are sent through Tollgate. */
export type MeteringState =
  | { readonly kind: 'off' }
  /** `elsewhere`: base URLs that are set already and left as they are, in any folder. */
  | { readonly kind: 'on'; readonly elsewhere: readonly BaseUrlConflict[] };

export interface MeteringParts {
  readonly host: Host;
  readonly service: ServiceAccess;
  readonly keys: StoredKeys;
  readonly choices: MeteringChoices;
}

interface FolderPlan {
  readonly folder: WorkspaceFolder;
  readonly sources: FolderSources;
}

/** Gives the workspace's terminals, tasks and debug sessions our addresses, folder by folder, once the user said yes. */
export class Metering implements Disposable {
  readonly #parts: MeteringParts;
  readonly #memory: RegistrationMemory;
  readonly #listeners: Listeners<MeteringState>;
  readonly #store: DisposableStore;
  #state: MeteringState = { kind: 'off' };
  #registered: RegisteredWorkspace | undefined;
  #session = '';
  #folders: readonly FolderPlan[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(parts: MeteringParts) {
    const { context, log } = parts.host;
    this.#parts = parts;
    this.#memory = createRegistrationMemory(context.secrets, log);
    this.#listeners = createListeners((error) => this.#problem(error));
    this.#store = new DisposableStore((error) => this.#problem(error));
  }

  get state(): MeteringState {
    return this.#state;
  }

  onDidChange(listener: (state: MeteringState) => void): Disposable {
    return this.#listeners.on(listener);
  }

  /** Looks at the folders again and sets or clears their variables. */
  refresh(): Promise<void> {
    this.#work = this.#work.then(() => this.#look()).catch((error: unknown) => this.#problem(error));
    return this.#work;
  }

  /** The plan of a debug session with base URLs of its own; undefined while metering is off. */
  sessionPlan(folder: WorkspaceFolder | undefined, conflicts: readonly BaseUrlConflict[]): EnvironmentPlan | undefined {
    const found = this.#folders.find((each) => each.folder.uri.toString() === folder?.uri.toString());
    const { sources } = found ?? this.#folders[0] ?? {};
    if (this.#state.kind !== 'on' || this.#registered === undefined || sources === undefined) return undefined;
    return this.#plan(sources, this.#registered, [...findConflicts(sources.shared), ...conflicts]);
  }

  start(): void {
    const { service, keys } = this.#parts;
    const refresh = (): void => {
      this.refresh();
    };
    this.#begin().catch((error: unknown) => this.#problem(error));
    this.#store.add(service.onDidChange(() => this.#adopt()));
    this.#store.add(keys.onDidChange(refresh));
    this.#store.add(workspace.onDidChangeWorkspaceFolders(refresh));
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('terminal.integrated.env') || event.affectsConfiguration('launch')) refresh();
      }),
    );
    const envFiles = this.#store.add(workspace.createFileSystemWatcher('**/.env*'));
    for (const changed of [envFiles.onDidChange, envFiles.onDidCreate, envFiles.onDidDelete])
      this.#store.add(changed(refresh));
  }

  async dispose(): Promise<void> {
    await this.#store.dispose();
  }

  async #begin(): Promise<void> {
    const { choices } = this.#parts;
    this.#session = await choices.session(Date.now(), () => randomUUID().slice(0, 13));
    const folder = firstFolderPath();
    // A service that comes back has the same port and token, so terminals can have their variables before it answers.
    const remembered =
      folder !== undefined && choices.choice() === 'on' ? await this.#memory.recall(folder) : undefined;
    this.#registered ??= remembered;
    await this.refresh();
    this.#adopt();
  }

  /** Takes over what the service says the workspace's addresses are. */
  #adopt(): void {
    const { state } = this.#parts.service.view;
    if (state.kind !== 'connected' || state.workspace === this.#registered || this.#session === '') return;
    this.#registered = state.workspace;
    const folder = firstFolderPath();
    if (folder !== undefined)
      this.#memory.remember(folder, state.workspace).catch((error: unknown) => this.#problem(error));
    this.refresh();
  }

  async #look(): Promise<void> {
    const { host, choices } = this.#parts;
    const { environmentVariableCollection } = host.context;
    const registered = this.#registered;
    if (choices.choice() !== 'on' || !workspace.isTrusted || registered === undefined) {
      clearPlan(environmentVariableCollection, workspace.workspaceFolders ?? []);
      this.#folders = [];
      this.#change({ kind: 'off' });
      return;
    }
    const onDisk = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    this.#folders = await Promise.all(
      onDisk.map(async (folder) => ({ folder, sources: await gatherSources(folder, host.log) })),
    );
    const elsewhere: BaseUrlConflict[] = [];
    for (const { folder, sources } of this.#folders) {
      const shared = findConflicts(sources.shared);
      applyPlan(environmentVariableCollection, folder, this.#plan(sources, registered, shared));
      // A launch configuration keeps its own address without taking it from anybody else.
      const all = [...shared, ...findConflicts(sources.launch)];
      elsewhere.push(...this.#plan(sources, registered, all).notMetered);
    }
    this.#change({ kind: 'on', elsewhere });
  }

  #plan(
    sources: FolderSources,
    registered: RegisteredWorkspace,
    conflicts: readonly BaseUrlConflict[],
  ): EnvironmentPlan {
    const { keys, choices } = this.#parts;
    const providers = providerVariables.map(({ provider }) => provider);
    return planEnvironment({
      workspace: registered,
      conflicts,
      confirmedUpstreams: choices.confirmedUpstreams(),
      providersWithKey: providersWithKey([...sources.shared, ...sources.launch]),
      providersWithStoredKey: new Set(providers.filter((provider) => keys.names().includes(provider))),
      headers: { 'x-tollgate-session': this.#session },
    });
  }

  #change(next: MeteringState): void {
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    this.#listeners.tell(next);
  }

  #problem(error: unknown): void {
    this.#parts.host.log.error('metering', describeError(error));
  }
}

function firstFolderPath(): string | undefined {
  return workspace.workspaceFolders?.[0]?.uri.fsPath;
}
