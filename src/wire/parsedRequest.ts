import type { Dialect, Endpoint } from './dialect.ts';
import type { JsonObject } from './json.ts';

/** Endpoints whose request body is read. */
export type BodyEndpoint = Exclude<Endpoint, 'models'>;

/** A request body of a parsed endpoint, read once at the edge. */
export interface ParsedRequest {
  readonly endpoint: BodyEndpoint;
  /** The caller's dialect. */
  readonly dialect: Dialect;
  /** As the client wrote it: a model id, an alias, or `auto`. */
  readonly model: string;
  /** The client asked for server-sent events. */
  readonly stream: boolean;
  /** The whole body, parsed. Read only: what goes upstream is `bytes`, spliced where needed. */
  readonly body: JsonObject;
  /** The body as it came. */
  readonly bytes: Uint8Array;
}
