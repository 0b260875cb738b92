import type { Cost } from '../../catalog/cost.ts';
import type { Finding, ModelConstant, ModelMention, Prompt, Span } from '../../detect/finding.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import type { TokenCount } from '../../tokens/tokenCount.ts';

export interface ModelAnnotation {
  readonly kind: 'model';
  readonly span: Span;
  readonly finding: ModelMention | ModelConstant;
  readonly model: NamedModel;
}

/** How the model of a prompt was found: that of the same call, the only one of the file, or the default of the settings. */
export type ModelReason = 'sameCall' | 'onlyInFile' | 'default';

export interface PromptAnnotation {
  readonly kind: 'prompt';
  readonly span: Span;
  readonly finding: Prompt;
  /** Of the static text; holes are not counted. */
  readonly count: TokenCount;
  /** Absent where no model is in sight: such a prompt has tokens and no cost. */
  readonly priced?: { readonly model: NamedModel; readonly reason: ModelReason; readonly inputCost: Cost };
}

/** A finding with what it costs: what every surface shows, each in its own form. In document order. */
export type Annotation = ModelAnnotation | PromptAnnotation;

/** The analysis of one version of one document. */
export interface Analysis {
  readonly version: number;
  readonly findings: readonly Finding[];
  readonly annotations: readonly Annotation[];
}
