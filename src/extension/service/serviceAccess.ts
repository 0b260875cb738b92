import { isBuiltin } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { workspace } from 'vscode';
import type { RegisteredWorkspace, RegisterWorkspace, ServiceAddress, ServiceEvent } from '../../service/api.ts';
import { type ControlClient, ControlFailed, createControlClient } from '../../service/controlClient.ts';
import type { Disposable } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError, type Log } from '../log.ts';
import { type ConnectedService, createServiceConnection, type ServiceConnection } from './connectService.ts';
import { serviceErrors } from './errors.ts';
import { installService } from './installService.ts';
import { launchService } from './launchService.ts';
import { createListeners } from './listeners.ts';
import { readAddress } from './readAddress.ts';
import { serviceFiles } from './serviceFiles.ts';
import { serviceHome } from './serviceHome.ts';
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

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** @param folder absolute path of the first workspace folder; undefined where none is on disk */
export function createServiceAccess(host: Host, folder: () => string | undefined, greet: Greeting): ServiceAccess {
  const { log, context } = host;
  const home = serviceHome({ platform: process.platform, env: process.env, homeFolder: homedir() });
  const version = String(context.extension.packageJSON.version);
  const onProblem = (error: unknown): void => log.error('a listener failed', describeError(error));
  const views = createListeners<ServiceView>(onProblem);
  const events = createListeners<ServiceEvent>(onProblem);
  const client = ({ port, controlToken }: ServiceAddress): ControlClient =>
    createControlClient({ port, controlToken, fetch });

  const answering = async (): Promise<ServiceAddress | undefined> => {
    const address = await readAddress(home);
    if (address === undefined) return undefined;
    try {
      await client(address).info();
      return address;
    } catch (error) {
      if (ControlFailed.is(error)) return undefined;
      throw error;
    }
  };

  const connection = createServiceConnection({
    version,
    discover: () => readAddress(home),
    launch: async (signal) => {
      if (!isBuiltin('node:sqlite')) throw serviceErrors.noSqlite(process.versions.node);
      const { extensionPath } = context;
      const entryPath = await installService({ extensionPath, home, version, files: serviceFiles, log });
      log.info(`starting the service from ${entryPath}`);
      return launchService({ entryPath, home, environment: process.env, answering, sleep, signal });
    },
    client,
    workspace: () => registration(folder, host.settings.current().config),
    greet,
    sleep,
    random: Math.random,
    listeners: views,
    events,
    log,
  });

  const lifetime = createLifetime(connection, folder, log);
  return {
    get view() {
      return connection.view;
    },
    logPath: join(home, 'service.log'),
    onDidChange: views.on,
    onDidReceive: events.on,
    connected: () => connection.connected(),
    replaceWorkspace: (registered) => connection.replaceWorkspace(registered),
    async restart() {
      await lifetime.end();
      const address = await answering();
      if (address !== undefined) await drain(client(address), answering);
      await lifetime.begin();
    },
    start() {
      lifetime.begin().catch(onProblem);
      const trust = workspace.onDidGrantWorkspaceTrust(() => lifetime.begin().catch(onProblem));
      const folders = workspace.onDidChangeWorkspaceFolders(() => {
        if (connection.view.state.kind === 'off') lifetime.begin().catch(onProblem);
      });
      return {
        dispose: async () => {
          trust.dispose();
          folders.dispose();
          await lifetime.end();
        },
      };
    },
  };
}

/** Begins and ends runs of the connection, one at a time. */
function createLifetime(connection: ServiceConnection, folder: () => string | undefined, log: Log) {
  let running: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work);
    return turn;
  };
  const endNow = async (): Promise<void> => {
    const last = running;
    running = undefined;
    last?.controller.abort();
    await last?.ended;
  };
  const beginNow = async (): Promise<void> => {
    await endNow();
    if (!workspace.isTrusted) return connection.rest('untrusted');
    if (folder() === undefined) return connection.rest('noFolder');
    const controller = new AbortController();
    const ended = connection.run(controller.signal).catch((error: unknown) => {
      log.error('the line to the service broke', describeError(error));
    });
    running = { controller, ended };
  };
  return { begin: () => inTurn(beginNow), end: () => inTurn(endNow) };
}

async function drain(client: ControlClient, answering: () => Promise<ServiceAddress | undefined>): Promise<void> {
  await client.drain();
  const signal = AbortSignal.timeout(drainPatienceMs);
  while (!signal.aborted && (await answering()) !== undefined) await sleep(drainPollMs, signal);
}

function registration(folder: () => string | undefined, config: Readonly<Record<string, unknown>>): RegisterWorkspace {
  const path = folder();
  if (path === undefined) throw serviceErrors.noFolder();
  const userConfig = Object.keys(config).length === 0 ? {} : { userConfig: JSON.stringify(config) };
  return { folder: path, trusted: workspace.isTrusted, ...userConfig };
}
