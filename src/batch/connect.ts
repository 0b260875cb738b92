import type { Config, KeyReference } from '../config/config.ts';
import { loopbackHosts } from '../config/demoBaseUrl.ts';
import { type BatchApi, batchApiOf } from './batchApi.ts';
import type { BatchesOptions } from './batchClient.ts';
import type { BatchProvider } from './batchProvider.ts';
import { createAnthropicBatches } from './createAnthropicBatches.ts';
import { createMistralBatches } from './createMistralBatches.ts';
import { createOpenAiBatches } from './createOpenAiBatches.ts';
import { problems } from './errors.ts';
import type { JobRecord } from './jobRecord.ts';
import type { StartTimer } from './unlessSilent.ts';

export type Connection =
  | { readonly kind: 'connected'; readonly provider: BatchProvider }
  /** Only the user can change it. */
  | { readonly kind: 'blocked'; readonly problem: string };

export interface ConnectDeps {
  readonly configOf: (workspaceId: string) => Config | undefined;
  readonly keyOf: (workspaceId: string, reference: KeyReference) => string | undefined;
  readonly confirmedUpstream: (workspaceId: string, provider: string) => string | undefined;
  /** How requests to this base URL are sent; for `demo:` within the process. */
  readonly fetchFor: (baseUrl: string) => typeof fetch;
  readonly startTimer: StartTimer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Where the in-process fetch of the demo provider is reached: never resolved, never sent. */
export const demoOrigin = 'http://demo.invalid/v1';

type Addressed = Pick<JobRecord, 'workspaceId' | 'provider' | 'baseUrl' | 'model' | 'demo'>;
type AddressDeps = Pick<ConnectDeps, 'configOf' | 'keyOf' | 'confirmedUpstream'>;

/** What keeps a job from being sent now, and only the user can change; undefined = nothing. */
export function blockedBecause(job: Addressed, deps: AddressDeps): string | undefined {
  const address = addressOf(job, deps);
  return 'kind' in address ? address.problem : undefined;
}

/** The provider of a job as it is configured now, with the key it has now. */
export async function connect(job: Addressed, deps: ConnectDeps): Promise<Connection> {
  const address = addressOf(job, deps);
  if ('kind' in address) return address;
  const { baseUrl, apiKey } = address;
  const options = {
    baseUrl,
    apiKey,
    fetch: deps.fetchFor(job.baseUrl),
    startTimer: deps.startTimer,
    now: deps.now,
    signal: deps.signal,
  };
  return { kind: 'connected', provider: await batchesOf(job, address.api, options) };
}

function batchesOf({ model }: Addressed, api: BatchApi, options: BatchesOptions): Promise<BatchProvider> {
  if (api === 'anthropic') return createAnthropicBatches(options);
  return api === 'mistral' ? createMistralBatches({ ...options, model }) : createOpenAiBatches({ ...options, api });
}

type Blocked = Extract<Connection, { readonly kind: 'blocked' }>;

function addressOf(
  job: Addressed,
  deps: AddressDeps,
): { readonly api: BatchApi; readonly baseUrl: string; readonly apiKey: string } | Blocked {
  const config = deps.configOf(job.workspaceId);
  if (config === undefined) return blocked(problems.noConfig());
  const configured = Object.hasOwn(config.providers, job.provider) ? config.providers[job.provider] : undefined;
  if (configured === undefined) return blocked(problems.providerGone(job.provider));
  const baseUrl = deps.confirmedUpstream(job.workspaceId, job.provider) ?? configured.baseUrl;
  if (baseUrl !== job.baseUrl) return blocked(problems.providerMoved(job.provider, job.baseUrl, baseUrl));
  const reference = configured.apiKey;
  const stored = job.demo || reference === undefined ? undefined : deps.keyOf(job.workspaceId, reference);
  if (stored === undefined && reference !== undefined && !job.demo && !isLoopback(baseUrl))
    return blocked(problems.noKey(job.provider, `${reference.kind}:${reference.name}`));
  const api = batchApiOf(job.provider, { ...configured, baseUrl });
  if (api === undefined) return blocked(problems.noBatchApi(job.provider));
  // A server on this machine, or one that no key is configured for, says itself when it wants one.
  return { api, baseUrl: job.demo ? demoOrigin : baseUrl, apiKey: stored ?? 'none' };
}

function blocked(problem: string): Blocked {
  return { kind: 'blocked', problem };
}

function isLoopback(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && loopbackHosts.has(new URL(baseUrl).hostname);
}
