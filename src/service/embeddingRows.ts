import { randomUUID } from 'node:crypto';
import type { EmbeddingsRequest } from '../cache/embedders/http/createHttpEmbedder.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Cost } from '../catalog/cost.ts';
import { costOf } from '../catalog/costOf.ts';
import { isLocalProvider, providerOfUrl } from '../catalog/providerOfUrl.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AttemptRow } from '../ledger/rows.ts';

export interface EmbeddedFor {
  readonly workspaceId: string;
  readonly provider: string;
  readonly baseUrl: string;
  readonly model: string;
}

/** Writes down what the cache's own questions to an embedder cost. */
export interface EmbeddingRows {
  add(asked: EmbeddedFor, request: EmbeddingsRequest): void;
  flush(): void;
}

export interface EmbeddingRowsDeps {
  readonly ledger: Pick<Ledger, 'record'>;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly startTimer: (ms: number, fire: () => void) => () => void;
}

/**
 * Each request is an attempt. A minute of them is one call, so that the share of calls the cache answered is not halved by
 * the cache's own.
 */
const gatherMs = 60_000;

export function createEmbeddingRows({ ledger, catalogOf, startTimer }: EmbeddingRowsDeps): EmbeddingRows {
  const gathered = new Map<string, { readonly asked: EmbeddedFor; readonly requests: EmbeddingsRequest[] }>();
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    for (const { asked, requests } of gathered.values()) write(asked, requests);
    gathered.clear();
  };
  const write = (asked: EmbeddedFor, requests: readonly EmbeddingsRequest[]): void => {
    const [first] = requests;
    const last = requests.at(-1);
    if (first === undefined || last === undefined) return;
    const id = randomUUID();
    const { workspaceId, provider, model } = asked;
    const attempts = requests.map((request, index) => attemptOf(id, index, asked, request));
    ledger.record(
      {
        id,
        workspaceId,
        startedAtMs: first.startedAtMs,
        endedAtMs: last.endedAtMs,
        endpoint: 'embeddings',
        stream: false,
        metered: true,
        modelRequested: `${provider}/${model}`,
        cache: 'bypass',
        cacheReason: 'embedder',
        status: 200,
        client: 'tollgate-cache',
        overheadMs: 0,
      },
      attempts,
    );
  };
  const attemptOf = (callId: string, index: number, asked: EmbeddedFor, request: EmbeddingsRequest): AttemptRow => {
    const { inputTokens, startedAtMs, endedAtMs, model } = request;
    const cost = costOfRequest(asked, request);
    return {
      id: `${callId}.${index}`,
      callId,
      index,
      provider: asked.provider,
      model,
      demo: false,
      serviceTier: 'standard',
      startedAtMs,
      endedAtMs,
      status: 200,
      usage: inputTokens === undefined ? {} : { input: inputTokens },
      costStatus: cost.status,
      ...(cost.status === 'exact' ? {} : { costReason: cost.reason }),
      ...(cost.status === 'exact' || cost.status === 'estimated'
        ? { costPicoUsd: cost.picoUsd, priceId: cost.priceId }
        : {}),
    };
  };
  const costOfRequest = ({ workspaceId, provider, baseUrl, model }: EmbeddedFor, request: EmbeddingsRequest): Cost => {
    const catalog = catalogOf(workspaceId);
    const ran = catalog.lookup(request.model, provider);
    const found = ran.kind === 'known' ? ran : catalog.lookup(model, provider);
    const price = found.kind === 'known' ? found.model.price : undefined;
    if (price === undefined && isLocalProvider(providerOfUrl(baseUrl) ?? ''))
      return { status: 'notBilled', reason: 'the model runs on this machine' };
    if (request.inputTokens === undefined)
      return { status: 'unpriced', reason: 'the server does not say how many tokens it read' };
    return costOf({ input: request.inputTokens }, price, { atMs: request.startedAtMs });
  };

  return {
    add(asked, request) {
      const key = JSON.stringify(asked);
      const minute = gathered.get(key) ?? { asked, requests: [] };
      minute.requests.push(request);
      gathered.set(key, minute);
      cancel ??= startTimer(gatherMs, () => {
        cancel = undefined;
        flush();
      });
    },
    flush,
  };
}
