import type { Usage } from '../catalog/usage.ts';
import type { BodyEndpoint } from './parsedRequest.ts';

/** Why an answer ended, whatever the provider calls it. Only `stop` is a natural end. */
export type FinishKind = 'stop' | 'length' | 'toolUse' | 'refusal' | 'other';

/**
 * A complete 2xx answer in a form that can be replayed as JSON or as a stream: the endpoint's own JSON reply,
 * verbatim where the provider sent JSON, put together from the events where it sent a stream. Plain data, so that a
 * store can keep it as it likes.
 */
export interface StoredAnswer {
  readonly endpoint: BodyEndpoint;
  /** The reply as JSON text, as a non-streaming client would get it. */
  readonly json: string;
  /** The model that the provider says it ran. */
  readonly model: string;
  readonly finish: FinishKind;
  readonly usage: Usage;
}
