import type {
  RegisteredWorkspace,
  RegisterWorkspace,
  ServiceAddress,
  ServiceEvent,
  ServiceInfo,
  SpendSnapshot,
} from '../../service/api.ts';
import { compareVersions } from '../../service/compareVersions.ts';
import { type ControlClient, ControlFailed } from '../../service/controlClient.ts';
import { describeError, type Log } from '../log.ts';
import { applyEvent } from './applyEvent.ts';
import { ServiceMissing, serviceErrors } from './errors.ts';
import type { Listeners } from './listeners.ts';
import { emptyServiceView, type ServiceView } from './serviceView.ts';

export interface ConnectionDeps {
  /** Ours; an older service is replaced. */
  readonly version: string;
  /** The discovery file; undefined when there is none. */
  discover(): ServiceAddress | undefined;
  /**
   * Starts the service and resolves when one of our version, or a newer one, answers.
   * @throws ServiceMissing when it never can, ServiceNotStarted when it did not
   */
  launch(signal: AbortSignal): Promise<ServiceAddress>;
  client(address: ServiceAddress): ControlClient;
  /** A client that soon gives up: there may be nobody, or somebody else, at the address. */
  probe(address: ServiceAddress): ControlClient;
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
  /** A registration with another token, or after another configuration, took the place of the first. */
  replaceWorkspace(workspace: RegisteredWorkspace): void;
  /** Figures that were asked for, not told. */
  show(today: SpendSnapshot): void;
}

const firstRetryMs = 250;
const longestRetryMs = 15_000;

/** Wait before the next try after so many failures: doubling, capped, with a random half. */
export function retryDelayMs(failures: number, random: number): number {
  const full = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

export function createServiceConnection(deps: ConnectionDeps): ServiceConnection {
  const { log, listeners } = deps;
  let view: ServiceView = emptyServiceView;
  let client: ControlClient | undefined;
  const change = (next: ServiceView): void => {
    if (next === view) return;
    view = next;
    listeners.tell(view);
  };

  /** One life of the connection: until the service goes away. Resolves with whether it said so before. */
  const attend = async (signal: AbortSignal, onAnswer: () => void): Promise<boolean> => {
    const reached = await reach(deps, signal);
    const workspace = await reached.client.registerWorkspace(deps.workspace());
    await deps.greet(reached.client, workspace);
    client = reached.client;
    change({ ...view, notices: reached.info.notices, state: { kind: 'connected', info: reached.info, workspace } });
    onAnswer();
    let announced = false;
    for await (const event of client.events(workspace.workspaceId, signal)) {
      announced ||= event.type === 'draining';
      change(applyEvent(view, event));
      deps.events.tell(event);
    }
    return announced;
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let failures = 0;
    change({ ...view, state: { kind: 'starting' } });
    while (!signal.aborted) {
      try {
        const announced = await attend(signal, () => {
          failures = 0;
        });
        if (signal.aborted) break;
        change(announced ? { ...view, state: { kind: 'starting' } } : down(view, 'The Tollgate service ended.'));
      } catch (error) {
        if (signal.aborted) break;
        log.warn('service', describeError(error));
        if (error instanceof ServiceMissing)
          return change({ ...view, state: { kind: 'missing', message: error.message } });
        change(down(view, error instanceof Error ? error.message : String(error)));
      } finally {
        client = undefined;
      }
      await deps.sleep(retryDelayMs(failures++, deps.random()), signal);
    }
  };

  return {
    get view() {
      return view;
    },
    connected() {
      const { state } = view;
      if (client !== undefined && state.kind === 'connected') return { client, workspace: state.workspace };
      throw state.kind === 'off' ? serviceErrors[state.reason]() : serviceErrors.unavailable();
    },
    run,
    rest: (reason) => change({ ...emptyServiceView, state: { kind: 'off', reason } }),
    replaceWorkspace(workspace) {
      if (view.state.kind === 'connected') change({ ...view, state: { ...view.state, workspace } });
    },
    show: (today) => change({ ...view, today }),
  };
}

function down(view: ServiceView, message: string): ServiceView {
  return { ...view, state: { kind: 'down', message, retrying: true } };
}

/** A client of a running service that is not older than we are. An older one makes room for the one that is launched. */
async function reach(deps: ConnectionDeps, signal: AbortSignal): Promise<{ client: ControlClient; info: ServiceInfo }> {
  const address = deps.discover();
  const running = address === undefined ? undefined : await answering(deps, address);
  if (running !== undefined && compareVersions(running.info.version, deps.version) >= 0) return running;
  if (running !== undefined) deps.log.info(`service ${running.info.version} is older than ${deps.version}`);
  const client = deps.client(await deps.launch(signal));
  return { client, info: await client.info() };
}

async function answering(deps: ConnectionDeps, address: ServiceAddress) {
  try {
    const info = await deps.probe(address).info();
    return { client: deps.client(address), info };
  } catch (error) {
    if (!ControlFailed.is(error)) throw error;
    deps.log.info(`no service at port ${address.port}`, error.message);
    return undefined;
  }
}
