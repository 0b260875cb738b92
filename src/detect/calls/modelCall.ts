import type { Span } from '../finding.ts';

/** Whose request a call makes, known by its callee. What `batch` says is a job handed in, the others wait for an answer. */
export type ModelApi =
  | 'openaiChat'
  | 'openaiResponses'
  | 'anthropicMessages'
  | 'gemini'
  | 'aiSdk'
  | 'litellm'
  | 'openaiBatch'
  | 'anthropicBatch'
  | 'geminiBatch';

/** A keyword argument, or a property of an object written out among the arguments. */
export interface CallKey {
  readonly name: Span;
  readonly value: Span;
  /** Source of the value, 4,000 characters at most. */
  readonly text: string;
}

export interface EnclosingLoop {
  /** Over a collection, a number of times, while something holds, or a function given to `map` and its like. */
  readonly kind: 'over' | 'counted' | 'while' | 'map';
  readonly span: Span;
  /** Source before the body, 300 characters at most: `for item in items:`. */
  readonly header: string;
}

export interface EnclosingFunction {
  /** In the spelling of `identifierWords`; empty where it has no name. */
  readonly name: string;
  readonly span: Span;
  /** Source before the body with decorators and annotations, 800 characters at most. */
  readonly header: string;
}

export interface OwnRetry {
  /** A decorator or annotation of the function, a loop, or a function that is given the call to repeat. */
  readonly by: 'decorator' | 'loop' | 'wrapper';
  /** Attempts, where the source says how many. */
  readonly attempts?: number;
}

/** A call that asks a model or hands in a batch, with what a rule may want to know about its place. Offsets are UTF-16. */
export interface ModelCall {
  readonly api: ModelApi;
  /** Segments in the spelling of `identifierWords`, joined by dots: `client.chat.completions.create`. */
  readonly callee: string;
  readonly span: Span;
  /** The last name of the callee: where something said about the call is shown. */
  readonly name: Span;
  readonly arguments: Span;
  /** By their names in the spelling of `identifierWords`. */
  readonly keys: ReadonlyMap<string, CallKey>;
  /** The object written out as an argument, where that holds the keys. */
  readonly object?: Span;
  /** Something is spread into the arguments, or a variable is handed over: there may be more keys than are seen. */
  readonly open: boolean;
  /** Innermost first, within the enclosing function. */
  readonly loops: readonly EnclosingLoop[];
  readonly owner?: EnclosingFunction;
  /** The enclosing function answers a request or an event that somebody waits behind. */
  readonly inHandler: boolean;
  readonly retry?: OwnRetry;
  readonly result:
    | { readonly kind: 'discarded' }
    | { readonly kind: 'assigned'; readonly name: string }
    | { readonly kind: 'used' };
}
