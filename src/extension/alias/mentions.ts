import type { Finding, ModelConstant, ModelMention } from '../../detect/finding.ts';

/** Where a command was asked for: by a lens, whose offset may be from before the last edits, or by the cursor. */
export interface Place {
  readonly offset: number;
  /** What the lens named; finds its mention again when the text has moved. */
  readonly text?: string;
}

/** A model in code that can be exchanged for another. */
export interface ReplaceableModel {
  readonly mention: ModelMention;
  /** False for a member of the generated map: there is no string to write an alias into. */
  readonly isString: boolean;
}

/** A member of the generated map: its text is the alias, not what is written (`models.cheap`). */
export function isMapMember({ span, text }: ModelConstant): boolean {
  return span.end - span.start !== text.length;
}

/** Everything in a file that selects a model by a name that can be exchanged. */
export function replaceableModels(findings: readonly Finding[]): ReplaceableModel[] {
  return findings.flatMap((finding): ReplaceableModel[] => {
    if (finding.kind === 'prompt') return [];
    if (finding.kind === 'model') return [{ mention: finding, isString: true }];
    // A constant of an SDK has a type of its own, and where it comes from is imported for it.
    if (!isMapMember(finding)) return [];
    const { span, text } = finding;
    return [{ mention: { kind: 'model', span, literal: span, text, replaceable: true }, isString: false }];
  });
}

/** The model that a place means: the one it is on, else the nearest of that text, else the only one of its line. */
export function modelAt(
  models: readonly ReplaceableModel[],
  { offset, text }: Place,
  line: { readonly start: number; readonly end: number },
): ReplaceableModel | undefined {
  const distance = ({ mention }: ReplaceableModel): number => Math.abs(mention.span.start - offset);
  if (text !== undefined)
    return models.filter(({ mention }) => mention.text === text).toSorted((a, b) => distance(a) - distance(b))[0];
  const here = models.find(({ mention: { literal } }) => literal.start <= offset && offset <= literal.end);
  if (here) return here;
  const onLine = models.filter(({ mention: { span } }) => span.start >= line.start && span.end <= line.end);
  return onLine.length === 1 ? onLine[0] : undefined;
}
