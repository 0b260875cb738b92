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
import { emptyServiceView, type ServiceState, type ServiceView } from './serviceView.ts';

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

const firstRetryMs = 250;
const longestRetryMs = 15_000;

/** Wait before the next try after so many failures: doubling, capped, with a random half. */
export function retryDelayMs(failures: number, random: number): number {
  const full = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/** This window's line to the service: finds or starts it, holds the lease, comes back when it breaks. */
export class ServiceConnection {
  readonly #deps: ConnectionDeps;
  #view: ServiceView = emptyServiceView;
  #client: ControlClient | undefined;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  get view(): ServiceView {
    return this.#view;
  }

  /** @throws ServiceUnavailable */
  connected(): ConnectedService {
    const { state } = this.#view;
    if (this.#client !== undefined && state.kind === 'connected')
      return { client: this.#client, workspace: state.workspace };
    throw state.kind === 'off' ? serviceErrors[state.reason]() : serviceErrors.unavailable();
  }

  /** Runs until the signal ends it, or until the service turns out to be missing. One run at a time. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    this.#change({ ...this.#view, state: { kind: 'starting' } });
    while (!signal.aborted) {
      const end = await this.#attend(signal, () => {
        failures = 0;
      });
      this.#client = undefined;
      if (signal.aborted) return;
      this.#change({ ...this.#view, state: end });
      if (end.kind === 'missing') return;
      await this.#deps.sleep(retryDelayMs(failures++, this.#deps.random()), signal);
    }
  }

  /** No service is wanted. */
  rest(reason: 'untrusted' | 'noFolder'): void {
    this.#change({ ...emptyServiceView, state: { kind: 'off', reason } });
  }

  /** A registration with another token, or after another configuration, took the place of the first. */
  replaceWorkspace(workspace: RegisteredWorkspace): void {
    const { state } = this.#view;
    if (state.kind === 'connected') this.#change({ ...this.#view, state: { ...state, workspace } });
  }

  /** Figures that were asked for, not told. */
  show(today: SpendSnapshot): void {
    this.#change({ ...this.#view, today });
  }

  /** One life of the connection. Resolves with how things stand once the service has gone away. */
  async #attend(signal: AbortSignal, onAnswer: () => void): Promise<ServiceState> {
    try {
      const announced = await this.#follow(signal, onAnswer);
      return announced ? { kind: 'starting' } : down('The Tollgate service ended.');
    } catch (error) {
      if (signal.aborted) return { kind: 'starting' };
      this.#deps.log.warn('service', describeError(error));
      const message = error instanceof Error ? error.message : String(error);
      return error instanceof ServiceMissing ? { kind: 'missing', message } : down(message);
    }
  }

  /** Resolves when the stream of events ends, with whether the service had announced it. */
  async #follow(signal: AbortSignal, onAnswer: () => void): Promise<boolean> {
    const { workspace, greet, events } = this.#deps;
    const { client, info } = await reach(this.#deps, signal);
    const registered = await client.registerWorkspace(workspace());
    await greet(client, registered);
    this.#client = client;
    this.#change({ ...this.#view, notices: info.notices, state: { kind: 'connected', info, workspace: registered } });
    onAnswer();
    let announced = false;
    for await (const event of client.events(registered.workspaceId, signal)) {
      announced ||= event.type === 'draining';
      this.#change(applyEvent(this.#view, event));
      events.tell(event);
    }
    return announced;
  }

  #change(next: ServiceView): void {
    if (next === this.#view) return;
    this.#view = next;
    this.#deps.listeners.tell(next);
  }
}

function down(message: string): ServiceState {
  return { kind: 'down', message, retrying: true };
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
