import type {
  RegisteredWorkspace,
  RegisterWorkspace,
  ServiceAddress,
  ServiceEvent,
  ServiceInfo,
} from '../../service/api.ts';
import { type ControlClient, ControlFailed } from '../../service/controlClient.ts';
import { describeError, type Log } from '../log.ts';
import { applyEvent } from './applyEvent.ts';
import { compareVersions } from './compareVersions.ts';
import { ServiceMissing, serviceErrors } from './errors.ts';
import type { Listeners } from './listeners.ts';
import { emptyServiceView, type ServiceView } from './serviceView.ts';

export interface ConnectionDeps {
  /** Ours; an older service is asked to make way. */
  readonly version: string;
  /** The discovery file; undefined when there is none. */
  discover(): Promise<ServiceAddress | undefined>;
  /**
   * Starts the service and resolves when it answers.
   * @throws ServiceMissing when it never can, ServiceNotStarted when it did not
   */
  launch(signal: AbortSignal): Promise<ServiceAddress>;
  client(address: ServiceAddress): ControlClient;
  workspace(): RegisterWorkspace;
  /** Brings keys and upstreams to a service that has just been reached: it keeps keys in memory only. */
  greet(client: ControlClient, workspace: RegisteredWorkspace): Promise<void>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. Spreads the windows that lost the same service. */
  readonly random: () => number;
  readonly listeners: Listeners<ServiceView>;
  readonly events: Listeners<ServiceEvent>;
  readonly log: Log;
}

export interface ConnectedService {
  readonly client: ControlClient;
  readonly workspace: RegisteredWorkspace;
}

/** This window's line to the service: finds or starts it, holds the lease, comes back when it breaks. */
export interface ServiceConnection {
  readonly view: ServiceView;
  /** @throws ServiceUnavailable */
  connected(): ConnectedService;
  /** Runs until the signal ends it, or until the service turns out to be missing. One run at a time. */
  run(signal: AbortSignal): Promise<void>;
  /** No service is wanted. */
  rest(reason: 'untrusted' | 'noFolder'): void;
  /** A workspace with another token or other figures took the place of the registered one. */
  replaceWorkspace(workspace: RegisteredWorkspace): void;
}

const firstRetryMs = 250;
const longestRetryMs = 15_000;
const drainMs = 10_000;
const drainPollMs = 200;

/** Wait before the next try after so many failures: doubling, capped, with a random half. */
export function retryDelayMs(failures: number, random: number): number {
  const full = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

export function createServiceConnection(deps: ConnectionDeps): ServiceConnection {
  const { log, listeners } = deps;
  let view: ServiceView = emptyServiceView;
  let current: ConnectedService | undefined;
  const change = (next: ServiceView): void => {
    if (next === view) return;
    view = next;
    listeners.tell(view);
  };

  /** One life of the connection: until the service goes away. */
  const attend = async (signal: AbortSignal, onAnswer: () => void): Promise<void> => {
    const { client, info } = await reach(deps, signal);
    const workspace = await client.registerWorkspace(deps.workspace());
    current = { client, workspace };
    await deps.greet(client, workspace);
    const { jobs } = await client.jobs(workspace.workspaceId);
    change({ ...view, jobs, notices: info.notices, state: { kind: 'connected', info, workspace } });
    onAnswer();
    for await (const event of client.events(workspace.workspaceId, signal)) {
      change(applyEvent(view, event));
      deps.events.tell(event);
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let failures = 0;
    change({ ...view, state: { kind: 'starting' } });
    while (!signal.aborted) {
      try {
        await attend(signal, () => {
          failures = 0;
        });
        if (!signal.aborted) change(down(view, 'The Tollgate service ended.'));
      } catch (error) {
        if (signal.aborted) break;
        log.warn('service', describeError(error));
        if (error instanceof ServiceMissing)
          return change({ ...view, state: { kind: 'missing', message: error.message } });
        change(down(view, error instanceof Error ? error.message : String(error)));
      } finally {
        current = undefined;
      }
      await deps.sleep(retryDelayMs(failures++, deps.random()), signal);
    }
  };

  return {
    get view() {
      return view;
    },
    connected() {
      if (current !== undefined && view.state.kind === 'connected') return current;
      throw view.state.kind === 'off' ? serviceErrors[view.state.reason]() : serviceErrors.unavailable();
    },
    run,
    rest: (reason) => change({ ...emptyServiceView, state: { kind: 'off', reason } }),
    replaceWorkspace(workspace) {
      if (current === undefined || view.state.kind !== 'connected') return;
      current = { ...current, workspace };
      change({ ...view, state: { ...view.state, workspace } });
    },
  };
}

function down(view: ServiceView, message: string): ServiceView {
  return { ...view, state: { kind: 'down', message, retrying: true } };
}

/** A client of a running service that is not older than we are. */
async function reach(deps: ConnectionDeps, signal: AbortSignal): Promise<{ client: ControlClient; info: ServiceInfo }> {
  const address = await deps.discover();
  const running = address === undefined ? undefined : await answering(deps, address);
  if (running !== undefined) {
    if (compareVersions(running.info.version, deps.version) >= 0) return running;
    deps.log.info(`service ${running.info.version} is older than ${deps.version}: asked to make way`);
    await running.client.drain();
    await gone(deps, running.info.pid, signal);
  }
  const client = deps.client(await deps.launch(signal));
  return { client, info: await client.info() };
}

async function answering(deps: ConnectionDeps, address: ServiceAddress) {
  const client = deps.client(address);
  try {
    return { client, info: await client.info() };
  } catch (error) {
    if (!(error instanceof ControlFailed)) throw error;
    deps.log.info(`no service at port ${address.port}`, error.message);
    return undefined;
  }
}

/** Waits until a draining service no longer answers; open requests may keep its process alive longer. */
async function gone(deps: ConnectionDeps, pid: number, signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < drainMs && !signal.aborted; waited += drainPollMs) {
    const address = await deps.discover();
    if (address === undefined || address.pid !== pid || (await answering(deps, address)) === undefined) return;
    await deps.sleep(drainPollMs, signal);
  }
}
