import type { Embedder } from '../cache/embedders/embedder.ts';
import { createHttpEmbedder, type EmbeddingsAddress } from '../cache/embedders/http/createHttpEmbedder.ts';
import type { CacheClock } from '../cache/entryStore.ts';
import type { Config, KeyReference } from '../config/config.ts';
import { loopbackHosts } from '../config/demoBaseUrl.ts';
import { isDemo } from '../proxy/upstreamUrl.ts';
import { batchFetch } from './batchFetch.ts';
import type { EmbeddingRows } from './embeddingRows.ts';

export interface HttpEmbeddersDeps {
  readonly configOf: (workspaceId: string) => Config;
  readonly confirmedUpstream: (workspaceId: string, provider: string) => string | undefined;
  readonly keyOf: (workspaceId: string, reference: KeyReference) => string | undefined;
  readonly ownPort: () => number;
  readonly clock: CacheClock;
  readonly rows: Pick<EmbeddingRows, 'add'>;
}

/** Embedders that providers of a workspace's configuration run, with the keys that it has for them. */
export function createHttpEmbedders(deps: HttpEmbeddersDeps): {
  of(provider: string, model: string, workspaceId: string): Embedder | undefined;
} {
  const { configOf, confirmedUpstream, keyOf, ownPort, clock, rows } = deps;
  const known = new Map<string, Embedder>();
  return {
    of(provider, model, workspaceId) {
      const baseUrl = baseUrlOf(provider, workspaceId);
      if (baseUrl === undefined) return undefined;
      const id = JSON.stringify([workspaceId, baseUrl, provider, model]);
      const embedder =
        known.get(id) ??
        createHttpEmbedder({
          provider,
          model,
          baseUrl,
          clock,
          address: () => addressOf(provider, workspaceId, baseUrl),
          onRequest: (request) => rows.add({ workspaceId, provider, baseUrl, model }, request),
        });
      known.set(id, embedder);
      return embedder;
    },
  };

  function baseUrlOf(provider: string, workspaceId: string): string | undefined {
    const { providers } = configOf(workspaceId);
    const configured = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
    if (configured?.dialect !== 'openai') return undefined;
    const baseUrl = confirmedUpstream(workspaceId, provider) ?? configured.baseUrl;
    return isDemo(baseUrl) ? undefined : baseUrl;
  }

  /** A server on this machine, or one that no key is configured for, says itself when it wants one. */
  function addressOf(provider: string, workspaceId: string, baseUrl: string): EmbeddingsAddress | undefined {
    const reference = configOf(workspaceId).providers[provider]?.apiKey;
    const apiKey = reference === undefined ? undefined : keyOf(workspaceId, reference);
    const isHere = loopbackHosts.has(URL.parse(baseUrl)?.hostname ?? '');
    if (apiKey === undefined && reference !== undefined && !isHere) return undefined;
    return { baseUrl, apiKey: apiKey ?? 'none', fetch: batchFetch(baseUrl, ownPort(), fetch) };
  }
}
