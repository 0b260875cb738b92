import type { SpendingState } from '../budget/spendingLimits.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ProxyRequest, ProxyResponse } from '../proxy/exchange.ts';
import type { Store } from '../store/store.ts';
import type {
  ConfigStatus,
  LimitStanding,
  Notice,
  RaisedLimit,
  RaiseLimit,
  RouteQualityReport,
  ServiceEvent,
} from './api.ts';
import type { BatchOperations } from './batchControl.ts';
import type { CacheOperations } from './cacheControl.ts';
import type { Reconciliations } from './createReconciliations.ts';
import type { Identity } from './identity.ts';
import type { Keys } from './keys.ts';
import type { Log } from './log.ts';
import type { Workspaces } from './workspaces.ts';

/** What the service gives to the rooms that do its work. */
export interface PipelineContext {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly workspaces: Workspaces;
  readonly keys: Keys;
  readonly log: Log;
  /** Tells a workspace's windows, or (undefined) all. */
  readonly publish: (workspaceId: string | undefined, event: ServiceEvent) => void;
  readonly notify: (notice: Notice) => void;
  /** Where the service listens. */
  readonly ownPort: () => number;
  /** The service's data folder. */
  readonly folder: string;
}

/** The rooms put together: what answers calls, reads configuration and runs batch jobs. */
export interface Pipeline extends CacheOperations {
  handle(request: ProxyRequest): Promise<ProxyResponse>;
  /** Undefined = no such workspace. */
  configStatus(workspaceId: string): ConfigStatus | undefined;
  /** Some provider of the workspace's configuration is the built-in demo provider. */
  isDemo(workspaceId: string): boolean;
  /** The workspace was registered (again): its configuration is to be read anew. */
  workspaceChanged(workspaceId: string): void;
  /** Stored keys came or went: what waited for one can go on. */
  keysChanged(workspaceId: string): void;
  /** How tiers do on the workspace's routes. */
  routes(workspaceId: string): RouteQualityReport;
  /** The spending limits of the whole workspace, as they stand. */
  limits(workspaceId: string): readonly SpendingState[];
  /** How limits stand, those included that are passed for a feature or session. */
  limitStandings(workspaceId: string): readonly LimitStanding[];
  /** Throws `ControlRefused` where the limit is not to be raised. */
  raiseLimit(request: RaiseLimit): RaisedLimit;
  readonly batch: BatchOperations;
  readonly reconciliations: Reconciliations;
  /** Takes up jobs that were running when the last service ended. */
  start(): void;
  close(): Promise<void>;
}
