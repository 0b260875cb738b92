import type { Finding, Span, StaticPart } from '../finding.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context, Step } from '../syntax/step.ts';

const movedBy = ({ start, end }: Span, delta: number): Span => ({ start: start + delta, end: end + delta });

const movedParts = (parts: readonly StaticPart[], delta: number): StaticPart[] =>
  parts.map(({ span, text }) => ({ span: movedBy(span, delta), text }));

/** The finding where `delta` characters came before it. */
export function movedFinding<F extends Finding>(finding: F, delta: number): F {
  const call = finding.call ? { call: movedBy(finding.call, delta) } : {};
  const moved = { ...finding, ...call, span: movedBy(finding.span, delta) };
  if (moved.kind === 'model') return { ...moved, literal: movedBy(moved.literal, delta) };
  if (moved.kind === 'const') return moved;
  const holes = moved.holes.map((hole) => movedBy(hole, delta));
  return { ...moved, parts: movedParts(moved.parts, delta), holes };
}

/** The literal where `delta` characters came before it. */
export function movedLiteral(literal: Literal, delta: number): Literal {
  return {
    ...literal,
    span: movedBy(literal.span, delta),
    parts: movedParts(literal.parts, delta),
    holes: literal.holes.map((hole) => movedBy(hole, delta)),
    ...(literal.content ? { content: movedBy(literal.content, delta) } : {}),
  };
}

/** The context where `delta` characters came before what it is of. */
export function movedContext({ steps, extent }: Context, delta: number): Context {
  return { steps: steps.map((step) => movedStep(step, delta)), extent: movedBy(extent, delta) };
}

function movedStep(step: Step, delta: number): Step {
  switch (step.kind) {
    case 'named':
      return { ...step, container: movedBy(step.container, delta) };
    case 'argument':
      return step.list ? { ...step, list: movedBy(step.list, delta) } : step;
    case 'element':
      return { ...step, list: movedBy(step.list, delta) };
    case 'call':
      return {
        ...step,
        span: movedBy(step.span, delta),
        ...(step.chain ? { chain: movedBy(step.chain, delta) } : {}),
      };
    default:
      return step;
  }
}
