import type { Annotation } from '../analysis/annotation.ts';
import type { Translate } from '../translate.ts';
import { annotationText } from './lensText.ts';

/** One text per line that findings begin in, in the order they stand. */
export function endOfLineTexts(
  annotations: readonly Annotation[],
  lineOf: (offset: number) => number,
  t: Translate,
): Map<number, string> {
  const texts = new Map<number, string>();
  for (const annotation of annotations) {
    const line = lineOf(annotation.span.start);
    const before = texts.get(line);
    const text = annotationText(annotation, t);
    texts.set(line, before === undefined ? text : `${before}  |  ${text}`);
  }
  return texts;
}
