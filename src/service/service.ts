import type { Server } from 'node:http';
import { createLedger } from '../ledger/createLedger.ts';
import { exportCalls } from '../ledger/export/exportCalls.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { storeErrorOf } from '../store/errors.ts';
import { removeAddress, writeAddress } from './address.ts';
import type { ConfigStatus, Notice, RegisteredWorkspace, ServiceAddress, ServiceEvent, ServiceInfo } from './api.ts';
import { createControl } from './control.ts';
import { createOverviews } from './createOverviews.ts';
import { portChanged, rowsNotWritten, spendingUnreadable } from './errors.ts';
import { createEventHub, type EventHub } from './eventHub.ts';
import type { Home } from './home.ts';
import { listenForService } from './http/listen.ts';
import { createHttpServer } from './http/server.ts';
import type { InstanceLock } from './instanceLock.ts';
import { createKeys } from './keys.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import { describeError } from './log.ts';
import { openData, type ServiceData } from './openData.ts';
import type { Pipeline } from './pipeline.ts';
import { newToken } from './randomToken.ts';
import { startOfDay } from './startOfDay.ts';
import type { ServiceOptions } from './startService.ts';
import { createWorkspaces, type Registration, type Workspace, type Workspaces } from './workspaces.ts';

const defaultLingerMs = 10 * 60_000;
const defaultQuietWaitMs = 30_000;
const defaultSettleMs = 10_000;
/** For requests that were cut to write their rows. */
const cutMs = 2_000;
const lastCallsInEvents = 50;

/** The parts of a service and their order of life. Made and ended by `startService`. */
export class Service {
  readonly ended: Promise<void>;
  readonly #options: ServiceOptions;
  readonly #home: Home;
  readonly #lock: InstanceLock;
  readonly #data: ServiceData;
  readonly #notices: Notice[];
  readonly #startedAtMs: number;
  readonly #lifetime: Lifetime;
  readonly #ledger: Ledger;
  readonly #hub: EventHub;
  readonly #workspaces: Workspaces;
  readonly #pipeline: Pipeline;
  readonly #server: Server;
  #port = 0;
  #followEnd: (ending: Promise<void>) => void = () => undefined;
  #ending: Promise<void> | undefined;

  /** Opens the home's data; `lock` is held. */
  constructor(home: Home, lock: InstanceLock, options: ServiceOptions) {
    const { log } = options;
    this.#options = options;
    this.#home = home;
    this.#lock = lock;
    this.#startedAtMs = options.clock();
    this.ended = new Promise((resolve) => {
      this.#followEnd = resolve;
    });
    this.#data = openData(home, options.schemas, options.clock);
    const { store, identity } = this.#data;
    this.#notices = [...this.#data.notices];
    this.#lifetime = createLifetime({
      lingerMs: options.lingerMs ?? defaultLingerMs,
      onUnused: () => this.#endBecause('nobody needs it any more', 0),
    });
    this.#ledger = createLedger({
      store,
      onProblem: ({ error, rowsDropped }) => this.#notify(rowsNotWritten(error.message, rowsDropped)),
    });
    this.#hub = createEventHub({
      hold: () => this.#lifetime.hold('lease'),
      spend: (workspaceId) => this.#spendToday(workspaceId),
      greet: (workspaceId) => this.#greeting(workspaceId),
    });
    const keys = createKeys(options.env);
    this.#workspaces = createWorkspaces({ store, identity, newToken });
    this.#pipeline = options.createPipeline({
      store,
      ledger: this.#announcingLedger(),
      identity,
      workspaces: this.#workspaces,
      keys,
      log,
      publish: this.#hub.publish,
      notify: (notice) => this.#notify(notice),
      ownPort: () => this.#port,
      folder: home.folder,
    });
    this.#server = createHttpServer({
      workspaceOf: this.#workspaces.withToken,
      handle: (request) => this.#pipeline.handle(request),
      hold: () => this.#lifetime.hold('request'),
      log,
      control: createControl({
        controlToken: identity.controlToken,
        info: () => this.#info(),
        workspaces: this.#workspaces,
        register: (registration) => this.register(registration),
        registered: (workspace) => this.#registered(workspace),
        keys,
        ledger: this.#ledger,
        overview: createOverviews({
          ledger: this.#ledger,
          limitsOf: (workspaceId) => this.#pipeline.limits(workspaceId),
          clock: options.clock,
        }),
        exportCalls: (filter, format) => {
          this.#ledger.flush();
          return exportCalls(store, filter, format);
        },
        pipeline: this.#pipeline,
        hub: this.#hub,
        drain: () => this.#endBecause('a successor asks for room', options.quietWaitMs ?? defaultQuietWaitMs),
        log,
      }),
    });
  }

  /** Listens, and lets itself be found. Rejects with `ServiceStartFailed`. */
  async listen(): Promise<ServiceAddress> {
    const { identity } = this.#data;
    const remembered = identity.port();
    const { port: wanted, version, log } = this.#options;
    this.#port = await listenForService(this.#server, wanted, remembered);
    if (wanted === undefined && remembered !== undefined && remembered !== this.#port)
      this.#notify(portChanged(remembered, this.#port));
    identity.rememberPort(this.#port);
    const address = { port: this.#port, pid: process.pid, version, controlToken: identity.controlToken };
    writeAddress(this.#home.addressPath, address);
    this.#pipeline.start();
    log.info('listening', { port: this.#port, version, node: process.version });
    return address;
  }

  register(registration: Registration): RegisteredWorkspace {
    const workspace = this.#workspaces.register(registration);
    this.#pipeline.workspaceChanged(workspace.id);
    return this.#registered(workspace);
  }

  configStatus(workspaceId: string): ConfigStatus | undefined {
    return this.#pipeline.configStatus(workspaceId);
  }

  /** Settles what is open and gives everything back. Called twice, it is the same end. */
  end(waitForQuietMs = 0): Promise<void> {
    if (this.#ending === undefined) {
      this.#ending = this.#settle(waitForQuietMs);
      this.#followEnd(this.#ending);
    }
    return this.ended;
  }

  #endBecause(reason: string, waitForQuietMs: number): void {
    const { log } = this.#options;
    log.info('ending', { reason });
    this.end(waitForQuietMs).catch((error: unknown) => log.error('ended badly', { error: describeError(error) }));
  }

  async #settle(waitForQuietMs: number): Promise<void> {
    const { log, settleMs = defaultSettleMs } = this.#options;
    this.#hub.publish(undefined, { type: 'draining' });
    await this.#lifetime.quietWithin(waitForQuietMs);
    // Its successor may write its own address from here on.
    removeAddress(this.#home.addressPath, process.pid);
    this.#server.close();
    this.#hub.close();
    if (!(await this.#lifetime.quietWithin(settleMs))) {
      log.warn('cutting requests that are still open');
      this.#server.closeAllConnections();
      await this.#lifetime.quietWithin(cutMs);
    }
    this.#server.closeAllConnections();
    this.#lifetime.stop();
    await this.#pipeline.close();
    this.#ledger.close();
    this.#data.store.close();
    this.#lock.release();
    log.info('ended');
  }

  #info(): ServiceInfo {
    return {
      version: this.#options.version,
      pid: process.pid,
      startedAtMs: this.#startedAtMs,
      nodeVersion: process.version,
      notices: this.#notices,
    };
  }

  #notify(notice: Notice): void {
    this.#options.log.warn('notice', { id: notice.id });
    const known = this.#notices.findIndex(({ id }) => id === notice.id);
    if (known < 0) this.#notices.push(notice);
    else this.#notices[known] = notice;
    this.#hub.publish(undefined, { type: 'notice', notice });
  }

  #registered({ id }: Workspace): RegisteredWorkspace {
    const token = this.#workspaces.tokenOf(id);
    const base = `http://127.0.0.1:${this.#port}/t/${token}`;
    return {
      workspaceId: id,
      token,
      baseUrls: { openai: `${base}/v1`, anthropic: base },
      demo: this.#pipeline.isDemo(id),
    };
  }

  #greeting(workspaceId: string | undefined): ServiceEvent[] {
    const hello: ServiceEvent = { type: 'hello', info: this.#info() };
    if (workspaceId === undefined) return [hello];
    const status = this.#pipeline.configStatus(workspaceId);
    const spend = this.#spendToday(workspaceId);
    return [
      hello,
      ...(status === undefined ? [] : [{ type: 'config' as const, status }]),
      ...(spend === undefined ? [] : [spend]),
      { type: 'jobs', jobs: this.#pipeline.batch.jobs(workspaceId) },
      { type: 'routes', report: this.#pipeline.routes(workspaceId) },
      { type: 'limits', limits: this.#pipeline.limitStandings(workspaceId) },
    ];
  }

  #spendToday(workspaceId: string): ServiceEvent | undefined {
    const nowMs = this.#options.clock();
    const query = { workspaceId, fromMs: startOfDay(nowMs), toMs: startOfDay(nowMs, 1), lastCalls: lastCallsInEvents };
    try {
      return { type: 'spend', today: this.#ledger.spend(query) };
    } catch (error) {
      // Calls go on without their figures.
      this.#notify(spendingUnreadable(storeErrorOf(error, this.#home.databasePath).message));
      return undefined;
    }
  }

  /** The ledger, telling the windows of every new row. */
  #announcingLedger(): Ledger {
    return {
      ...this.#ledger,
      record: (call, attempts) => {
        this.#ledger.record(call, attempts);
        this.#hub.spendChanged(call.workspaceId);
      },
    };
  }
}
