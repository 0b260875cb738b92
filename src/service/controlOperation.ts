import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidRequest } from './errors.ts';

/** A control request that was let in. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What stands for `:id` in the route. */
  readonly id: string;
  readonly query: URLSearchParams;
}

/** Answered with 200 and JSON; `answered` when the response is already on its way. */
export type Operation = (asked: Asked) => unknown;
export const answered = Symbol('answered');

/** By `METHOD /path`, in which `:id` stands for any one segment. */
export type Operations = Readonly<Record<string, Operation>>;

/** A whole number from 0 of the query. Throws `ControlRefused`. */
export function numberIn(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name) ?? Number.NaN);
  if (!Number.isSafeInteger(value) || value < 0) throw invalidRequest(name);
  return value;
}
