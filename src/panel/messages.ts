import type { PanelOverview } from './overview.ts';
import { type PanelView, parsePanelView } from './panelView.ts';
import type { PanelRoutes } from './routesSection.ts';
import type { PanelPrices, PanelSpend } from './spend.ts';

/** What a button of the panel asks the extension to do. Nothing else can be asked. */
export const panelActions = [
  'meterWorkspace',
  'useExistingBaseUrl',
  'restartService',
  'showLog',
  'enableExactCache',
  'enableSemanticCache',
  'judgeCache',
  'openConfig',
  'copyEnvironment',
  'manageTrust',
  'openFolder',
  'openWalkthrough',
] as const;

export type PanelAction = (typeof panelActions)[number];

/** From the panel. `ready`: it listens now and wants the state. `view`, `export`: what the reader wants to see, or in a file. */
export type PanelRequest =
  | { readonly type: 'ready' }
  | { readonly type: 'run'; readonly action: PanelAction }
  | { readonly type: 'view'; readonly view: PanelView }
  | { readonly type: 'export'; readonly view: PanelView };

/** Why calls of this workspace's programs do not come through Tollgate. */
export type PanelMetering =
  | { readonly kind: 'metered' }
  /** `asked`: the question was answered with no, or not yet. */
  | { readonly kind: 'off' }
  /** Some base URLs were set elsewhere and are left as they are. */
  | { readonly kind: 'elsewhere'; readonly conflicts: readonly PanelConflict[] };

export interface PanelConflict {
  /** `OPENAI_BASE_URL`. */
  readonly variable: string;
  /** Where it is set: a file, or the environment. */
  readonly source: string;
  /** Host only: a URL can hold credentials. */
  readonly host: string;
}

export interface PanelNotice {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

export interface PanelReady {
  readonly kind: 'ready';
  readonly spend: PanelSpend;
  /** What is seen of the chosen time; until it is there, today's spend is shown. */
  readonly overview?: PanelOverview;
  readonly prices: PanelPrices;
  readonly metering: PanelMetering;
  /** Some provider of the workspace is the built-in demo provider. */
  readonly demo: boolean;
  readonly notices: readonly PanelNotice[];
  /** How tiers do on their routes. */
  readonly routes?: PanelRoutes;
  /** Lines to copy, tokens left out of what is shown. */
  readonly environment: readonly string[];
}

export type PanelState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'noFolder' }
  | { readonly kind: 'untrusted' }
  /** This editor's Node has no SQLite, or the service's files are not there: a restart does not help. */
  | { readonly kind: 'serviceMissing'; readonly message: string }
  /** `last`: the figures before it went down. */
  | { readonly kind: 'serviceDown'; readonly message: string; readonly retrying: boolean; readonly last?: PanelReady }
  | { readonly kind: 'error'; readonly message: string }
  | PanelReady;

/** To the panel. */
export type PanelUpdate = { readonly type: 'state'; readonly state: PanelState };

/** Reads a message of the webview; undefined for anything that is not exactly a request. */
export function parsePanelRequest(message: unknown): PanelRequest | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined;
  if (message.type === 'ready') return { type: 'ready' };
  if ((message.type === 'view' || message.type === 'export') && 'view' in message) {
    const view = parsePanelView(message.view);
    return view === undefined ? undefined : { type: message.type, view };
  }
  if (message.type !== 'run' || !('action' in message)) return undefined;
  const action = panelActions.find((known) => known === message.action);
  return action === undefined ? undefined : { type: 'run', action };
}
