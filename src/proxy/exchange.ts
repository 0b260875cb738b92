/** Header pairs in the order and case they came in. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** A request as the proxy sees it: no sockets, no server types. */
export interface ProxyRequest {
  readonly method: string;
  /** Path and query below the workspace part: `/v1/chat/completions?x=1`, `/p/openai/v1/models`. */
  readonly path: string;
  readonly headers: HeaderPairs;
  /** Whole body where an endpoint is parsed; a stream where it is passed through. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly workspaceId: string;
  /** The workspace token came as a header, so stored keys may be used (never for a path token). */
  readonly tokenInHeader: boolean;
}

export interface ProxyResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** A request to a provider. `url` is absolute. */
export interface UpstreamRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly signal: AbortSignal;
}

/** Sends one request to a provider; never follows redirects, never decompresses. Rejects with `UpstreamFailed`. */
export type Upstream = (request: UpstreamRequest) => Promise<ProxyResponse>;
