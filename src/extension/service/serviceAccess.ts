import { isBuiltin } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { workspace } from 'vscode';
import { readAddress } from '../../service/address.ts';
import type { RegisteredWorkspace, RegisterWorkspace, ServiceAddress, ServiceEvent } from '../../service/api.ts';
import { compareVersions } from '../../service/compareVersions.ts';
import { type ControlClient, ControlFailed, createControlClient } from '../../service/controlClient.ts';
import { homeAt, homeFolder } from '../../service/home.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { serviceErrors } from './errors.ts';
import { followMidnight } from './followMidnight.ts';
import { installService } from './installService.ts';
import { launchService } from './launchService.ts';
import { createListeners } from './listeners.ts';
import { type ConnectedService, ServiceConnection } from './serviceConnection.ts';
import { serviceFiles } from './serviceFiles.ts';
import { createServiceLifetime } from './serviceLifetime.ts';
import type { ServiceView } from './serviceView.ts';

/** The service as the surfaces of this window see it. */
export interface ServiceAccess {
  readonly view: ServiceView;
  /** Absolute path of the service's own log. */
  readonly logPath: string;
  readonly onDidChange: (listener: (view: ServiceView) => void) => Disposable;
  readonly onDidReceive: (listener: (event: ServiceEvent) => void) => Disposable;
  /** @throws ServiceUnavailable */
  connected(): ConnectedService;
  /** The token was changed. */
  replaceWorkspace(workspace: RegisteredWorkspace): void;
  /** Ends the service, for all windows, and starts it again. */
  restart(): Promise<void>;
  /** Connects when there is a trusted folder, now or later. */
  start(): Disposable;
}

/** What this window tells a service that it has just reached. */
export type Greeting = (client: ControlClient, workspace: RegisteredWorkspace) => Promise<void>;

const drainPatienceMs = 5_000;
const drainPollMs = 100;

/** Planning and submitting many prompts takes its time. */
const patienceMs = 120_000;
/** For a service that may not be there. */
const probeMs = 2_000;

const createClient = ({ port, controlToken }: ServiceAddress, timeoutMs = patienceMs): ControlClient =>
  createControlClient({ port, controlToken, fetch, timeoutMs });

/** @param folder absolute path of the first workspace folder; undefined where none is on disk */
export function createServiceAccess(host: Host, folder: () => string | undefined, greet: Greeting): ServiceAccess {
  const { log } = host;
  const home = homeAt(homeFolder(process.env, process.platform));
  const discover = (): ServiceAddress | undefined => readAddress(home.addressPath);
  const onProblem = (error: unknown): void => log.error('service', describeError(error));
  const views = createListeners<ServiceView>(onProblem);
  const events = createListeners<ServiceEvent>(onProblem);
  const version = String(host.context.extension.packageJSON.version);
  const registration = (): RegisterWorkspace => registrationOf(folder(), host.settings.current().config);
  const connection = new ServiceConnection({
    version,
    discover,
    launch: (signal) => launch(host, home.folder, version, discover, signal),
    client: (address) => createClient(address),
    probe: (address) => createClient(address, probeMs),
    workspace: registration,
    greet,
    sleep,
    random: Math.random,
    listeners: views,
    events,
    log,
  });
  const lifetime = createServiceLifetime(connection, folder, log);
  return {
    get view() {
      return connection.view;
    },
    logPath: home.logPath,
    onDidChange: views.on,
    onDidReceive: events.on,
    connected: () => connection.connected(),
    replaceWorkspace: (registered) => connection.replaceWorkspace(registered),
    async restart() {
      await lifetime.end();
      const address = await answering(discover);
      if (address !== undefined) await drain(createClient(address), discover);
      await lifetime.begin();
    },
    start() {
      const begin = (): void => {
        lifetime.begin().catch(onProblem);
      };
      const store = new DisposableStore(onProblem);
      store.add({ dispose: () => lifetime.end() });
      store.add(followMidnight(connection, views, Date.now, log));
      store.add(workspace.onDidGrantWorkspaceTrust(begin));
      store.add(
        workspace.onDidChangeWorkspaceFolders(() => {
          if (connection.view.state.kind === 'off') begin();
        }),
      );
      store.add(host.settings.onDidChange(() => register(connection, registration).catch(onProblem)));
      begin();
      return store;
    },
  };
}

async function launch(
  host: Host,
  home: string,
  version: string,
  discover: () => ServiceAddress | undefined,
  signal: AbortSignal,
): Promise<ServiceAddress> {
  if (!isBuiltin('node:sqlite')) throw serviceErrors.noSqlite(process.versions.node);
  const { extensionPath } = host.context;
  const entryPath = await installService({ extensionPath, home, version, files: serviceFiles, log: host.log });
  host.log.info(`starting the service from ${entryPath}`);
  return launchService({
    entryPath,
    home,
    environment: process.env,
    answering: () => answering(discover, version),
    sleep,
    signal,
  });
}

/** The address of a service that answers and is not older than `version`. */
async function answering(
  discover: () => ServiceAddress | undefined,
  version = '',
): Promise<ServiceAddress | undefined> {
  const address = discover();
  if (address === undefined) return undefined;
  try {
    const info = await createClient(address, probeMs).info();
    return compareVersions(info.version, version) >= 0 ? address : undefined;
  } catch (error) {
    if (ControlFailed.is(error)) return undefined;
    throw error;
  }
}

async function drain(client: ControlClient, discover: () => ServiceAddress | undefined): Promise<void> {
  await client.drain();
  const signal = AbortSignal.timeout(drainPatienceMs);
  while (!signal.aborted && (await answering(discover)) !== undefined) await sleep(drainPollMs, signal);
}

/** The user's configuration may have changed. */
async function register(connection: ServiceConnection, registration: () => RegisterWorkspace): Promise<void> {
  if (connection.view.state.kind !== 'connected') return;
  connection.replaceWorkspace(await connection.connected().client.registerWorkspace(registration()));
}

function registrationOf(folder: string | undefined, config: Readonly<Record<string, unknown>>): RegisterWorkspace {
  if (folder === undefined) throw serviceErrors.noFolder();
  const userConfig = Object.keys(config).length === 0 ? {} : { userConfig: JSON.stringify(config) };
  return { folder, trusted: workspace.isTrusted, ...userConfig };
}

/** Ends early, and without an error, when the signal does. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
