import type { Span } from '../finding.ts';

/**
 * One step outward from a literal: where its value goes. A literal's context is the list of its steps, innermost first,
 * until the value reaches a variable, leaves a function, or is used up.
 */
export type Step =
  /** Value of `name: …`, `name=…` in the object or call at `container`. */
  | {
      readonly kind: 'named';
      readonly form: 'property' | 'keyword';
      readonly name: string;
      readonly container: Span;
      /** Source between the container's opening and the name: what stands before it in the same call. */
      readonly before: string;
    }
  /** Positional argument; `before` is the source between the opening parenthesis and the value, `list` the parentheses. */
  | { readonly kind: 'argument'; readonly before: string; readonly list?: Span }
  /** The result of the call that the step before was an argument of. */
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly span: Span;
      /** The whole chain of calls that this is a link of, where a request is built so. */
      readonly chain?: Span;
      /** A type with the fields that fill it, not a function. */
      readonly filled?: true;
    }
  | { readonly kind: 'element'; readonly list: Span; readonly before: string }
  /** Assigned to a variable, field or property, or default of a parameter. */
  | {
      readonly kind: 'assigned';
      readonly name: string;
      /** The name as it is spelt, without what it is a member of. */
      readonly target: string;
      /** What it is an entry of: `prompts` of `prompts["a"]`. */
      readonly owner?: string;
      readonly form: 'variable' | 'parameter';
    }
  | { readonly kind: 'returned' }
  /** What an anonymous function yields. */
  | { readonly kind: 'lambda' }
  /** Enclosing named function that the value is returned from; `target` is its name as it is spelt. */
  | { readonly kind: 'function'; readonly name: string; readonly target: string }
  /** Right side of `or`, `||`, `??`; `left` is what it stands in for. */
  | { readonly kind: 'fallback'; readonly left: string }
  | { readonly kind: 'branch' }
  /** Receiver of a method whose result is the text again: `.strip()`. */
  | { readonly kind: 'method'; readonly name: string }
  /** Attribute of a markup element, written `name="…"` or `name={…}`. */
  | {
      readonly kind: 'attribute';
      readonly name: string;
      readonly element: string;
      readonly form: 'literal' | 'expression';
    }
  /** Run over by a loop whose variable has the name. */
  | { readonly kind: 'loop'; readonly name: string; readonly target: string }
  /** Used up: compared, looked up, documented, typed …; never a finding. */
  | { readonly kind: 'end'; readonly by: EndedBy };

export type EndedBy =
  | 'comparison'
  | 'key'
  | 'subscript'
  | 'case'
  | 'documentation'
  | 'type'
  | 'enum'
  | 'import'
  | 'decorator'
  | 'assertion'
  | 'raise'
  | 'hole'
  | 'operator'
  | 'statement';

export interface Context {
  readonly steps: readonly Step[];
  /** All source that the steps were read from: while nothing in it changes, they stay the same. */
  readonly extent: Span;
}
