import type { Annotation, PromptAnnotation } from '../analysis/annotation.ts';
import type { Settings } from '../settings.ts';

/** Those of a document's annotations that deserve a line of their own; the hover shows the others as well. */
export function visibleAnnotations(annotations: readonly Annotation[], lens: Settings['lens']): Annotation[] {
  return annotations.filter((annotation) =>
    annotation.kind === 'model' ? lens.models : lens.prompts && isWorthShowing(annotation, lens),
  );
}

function isWorthShowing({ count, priced }: PromptAnnotation, lens: Settings['lens']): boolean {
  if (count.tokens < lens.minimumTokens) return false;
  const cost = priced?.inputCost;
  // What has no price may cost anything: a threshold in money cannot hide it.
  if (cost === undefined || !('picoUsd' in cost)) return true;
  return cost.picoUsd >= lens.minimumUsd * 1e12;
}
