/** Header pairs in the order and case they came in. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** A request as the proxy sees it: no sockets, no server types. */
export interface ProxyRequest {
  readonly method: string;
  /** Path and query below the workspace part: `/v1/chat/completions?x=1`, `/p/openai/v1/models`. */
  readonly path: string;
  /** As they came, without those that carried the workspace token: that token never goes further than the service. */
  readonly headers: HeaderPairs;
  /** Whole body where an endpoint is parsed (`readRequestPath` says which); a stream where it is passed through. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly workspaceId: string;
  /** Where the client reaches its workspace, without a last slash. Holds the token where the client put it: never logged. */
  readonly baseUrl: string;
  /** The workspace token came as a header, so stored keys may be used (never for a path token). */
  readonly tokenInHeader: boolean;
}

/**
 * `body` as an iterable is read once, by one reader; ending the iteration early (`return`) means that the client is gone.
 * It throws where the connection has to be cut so that the client does not take a torn answer for a whole one.
 */
export interface ProxyResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Milliseconds. Connecting has its own limit, given to the upstream when it is made. */
export interface UpstreamTimeouts {
  /** From the request being sent to the response's headers. */
  readonly firstByteMs: number;
  /** Between two pieces of the response's body. */
  readonly idleMs: number;
}

/** A request to a provider. `url` is absolute; for the demo provider `demo:/v1/chat/completions`. */
export interface UpstreamRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly signal: AbortSignal;
  readonly timeouts: UpstreamTimeouts;
}

/**
 * Sends one request to a provider; never follows redirects, never decompresses. Resolves at the response's headers.
 * Rejects, or throws from the body, with `UpstreamFailed`.
 */
export type Upstream = (request: UpstreamRequest) => Promise<ProxyResponse>;
