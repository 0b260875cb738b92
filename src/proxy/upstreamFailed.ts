/**
 * `refused`: no connection (DNS, TLS, refused, connect timeout). `reset`: the connection broke. `timeout`: no first byte,
 * or silence in the body. `aborted`: our own signal. `forbidden`: the upstream's address is not allowed.
 */
export type UpstreamFailure = 'refused' | 'reset' | 'timeout' | 'aborted' | 'forbidden';

/** A request to a provider that got no answer, or only part of one. The message names no URL, header or body. */
export class UpstreamFailed extends Error {
  readonly failure: UpstreamFailure;
  /** Node's or undici's error code, for the log. */
  readonly code: string | undefined;

  constructor(failure: UpstreamFailure, message: string, code?: string) {
    super(message);
    this.name = 'UpstreamFailed';
    this.failure = failure;
    this.code = code;
  }
}
