import type { LanguageTable } from '../language/languageTable.ts';
import { before, end, go, type Place, spanOf } from './place.ts';
import { nameBefore, operatorBeside } from './sourceNames.ts';
import type { Frame } from './visitOffsets.ts';

const fallbackOperators = new Set(['or', '||', '??', '?:']);

const comparisonOperators = /^(?:==|!=|===|!==|<|>|<=|>=|in|instanceof|=~|eq|ne|not|is)$/;

export function readOperator(place: Place): boolean {
  const { source, frame, child } = place;
  const operator = operatorBeside(source, frame, child);
  if (fallbackOperators.has(operator))
    return go(place, { kind: 'fallback', left: before(place).replace(/\s*\S+\s*$/, '') });
  if (operator === '%' && frame.start === child.start) return go(place, { kind: 'method', name: 'format' });
  if (operator === place.table.addition) return readAddition(place);
  if (comparisonOperators.test(operator)) return end(place, 'comparison');
  if (place.table.pairOperators?.has(operator)) return readPairOperator(place);
  // `["…"] * count`
  if (operator === '*' && frame.start === child.start && source.charAt(child.start) === '[') return true;
  return (
    operator === (place.table.concatenation ?? '+') || operator === '&&' || operator === 'and' || end(place, 'operator')
  );
}

/** `parts << "…"` is `parts.append("…")`. */
function readAddition(place: Place): boolean {
  const { frame, child } = place;
  const receiver = /^[\s(]*(@{0,2}[\w.]+)/.exec(before(place))?.[1];
  if (child.start === frame.start || receiver === undefined) return end(place, 'operator');
  place.steps.push({ kind: 'argument', before: '' });
  return go(place, { kind: 'call', callee: `${receiver}.append`, span: spanOf(frame) });
}

/** `"role" to "user"` */
function readPairOperator(place: Place): boolean {
  const { frames, index, frame, child } = place;
  if (child.start === frame.start) return end(place, 'key');
  const name = nameBefore(before(place).replace(/\s*\w+\s*$/, ''));
  return go(place, {
    kind: 'named',
    form: 'property',
    name,
    container: spanOf(frames[index - 1] ?? frame),
    before: '',
  });
}

/** The frame of the whole literal expression: up through implicit and `+` concatenation. */
export function literalFrameIndex(source: string, table: LanguageTable, frames: readonly Frame[]): number {
  let top = frames.length - 1;
  for (let index = top - 1; index >= 0; index--) {
    const frame = frames[index];
    const child = frames[index + 1];
    if (!frame || !child) break;
    if (frame.role === 'juxtaposed') top = index;
    else if (frame.role === 'binary' && operatorBeside(source, frame, child) === (table.concatenation ?? '+'))
      top = index;
    else if (frame.role !== 'transparent' || !/[(+]/.test(source.charAt(frame.start))) break;
  }
  return top;
}
