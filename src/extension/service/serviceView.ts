import type {
  ConfigStatus,
  Job,
  LimitStanding,
  Notice,
  RegisteredWorkspace,
  RouteQualityReport,
  ServiceInfo,
  SpendSnapshot,
} from '../../service/api.ts';

/** How this window stands to the service. */
export type ServiceState =
  /** None is wanted: the workspace is not trusted, or there is none on disk. */
  | { readonly kind: 'off'; readonly reason: 'untrusted' | 'noFolder' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'connected'; readonly info: ServiceInfo; readonly workspace: RegisteredWorkspace }
  | { readonly kind: 'down'; readonly message: string; readonly retrying: boolean }
  /** It cannot run here, however often it is tried. */
  | { readonly kind: 'missing'; readonly message: string };

/** What the service last told this window. Figures stay while it is down. */
export interface ServiceView {
  readonly state: ServiceState;
  readonly today?: SpendSnapshot;
  readonly jobs: readonly Job[];
  readonly config?: ConfigStatus;
  /** How tiers do on their routes. */
  readonly routes?: RouteQualityReport;
  /** How spending limits stand. */
  readonly limits?: readonly LimitStanding[];
  readonly notices: readonly Notice[];
}

export const emptyServiceView: ServiceView = { state: { kind: 'starting' }, jobs: [], notices: [] };
