import type { Catalog, CatalogModel, ModelLookup } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { ModelCall } from '../detect/calls/modelCall.ts';
import {
  type Finding,
  type ModelConstant,
  type ModelMention,
  type Prompt,
  promptText,
  type SourceText,
  type Span,
} from '../detect/finding.ts';
import { createModelOfPrompt } from '../detect/modelOfPrompt.ts';
import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';
import type { Advice } from './advice.ts';

/** What a name in source stands for: a model, or an alias followed to its first target. */
export interface NamedModel {
  readonly name: string;
  readonly alias?: string;
  readonly lookup: ModelLookup;
}

/** A document as advice is given on it. */
export interface AdvisedDocument {
  readonly source: SourceText;
  readonly findings: readonly Finding[];
  readonly calls: readonly ModelCall[];
  /** Findings of the other cells of a notebook, which is one file in many documents. */
  readonly elsewhere?: readonly Finding[];
  /** Text of the whole file, where the source is a part of one. */
  readonly fileText?: string;
}

export interface AdviceDeps {
  readonly catalog: Catalog;
  readonly aliases: Config['aliases'];
  readonly nameModel: (text: string) => NamedModel;
  /** Without one, rules that need a number of tokens are silent. */
  readonly counter?: TokenCounter | undefined;
  /** ISO date. */
  readonly today: string;
}

export type Selecting = ModelMention | ModelConstant;

/** What a rule may ask about a document. */
export interface RuleContext extends AdvisedDocument, AdviceDeps {
  readonly fileText: string;
  /** Mentions and constants, in document order. */
  readonly models: readonly Selecting[];
  readonly prompts: readonly Prompt[];
  /** The mention written into a call; else the file's only model. */
  modelOfCall(call: ModelCall): Selecting | undefined;
  modelOf(prompt: Prompt): Selecting | undefined;
  promptsOf(call: ModelCall): readonly Prompt[];
  /** Undefined without a counter. */
  count(texts: readonly string[], model: CatalogModel | undefined): Promise<readonly TokenCount[] | undefined>;
  /** Source of a span. */
  text(span: Span): string;
}

export type Rule = (context: RuleContext) => readonly Advice[] | Promise<readonly Advice[]>;

export const isWithin = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end;

export function createRuleContext(document: AdvisedDocument, deps: AdviceDeps): RuleContext {
  const { source, findings } = document;
  const models = findings.filter((finding): finding is Selecting => finding.kind !== 'prompt');
  const mentions = models.map(
    (model): ModelMention =>
      model.kind === 'model' ? model : { ...model, kind: 'model', literal: model.span, replaceable: false },
  );
  const modelOfPrompt = createModelOfPrompt(mentions, source.text);
  const prompts = findings.filter((finding): finding is Prompt => finding.kind === 'prompt');
  const others = (document.elsewhere ?? []).filter((finding): finding is Selecting => finding.kind !== 'prompt');
  const ofFile = models.length > 0 ? models : others.map(elsewhere);
  const onlyModel = ofFile.every(({ text }) => text === ofFile[0]?.text) ? ofFile[0] : undefined;
  return {
    ...document,
    ...deps,
    fileText: document.fileText ?? source.text,
    models,
    prompts,
    modelOfCall: (call) => models.find(({ span }) => isWithin(span, call.arguments)) ?? onlyModel,
    modelOf: (prompt) => {
      const mention = modelOfPrompt(prompt);
      return mention ? models.find(({ span }) => span.start === mention.span.start) : onlyModel;
    },
    promptsOf: (call) => prompts.filter(({ span }) => isWithin(span, call.arguments)),
    count: async (texts, model) => deps.counter?.count(texts, model?.tokenizer),
    text: ({ start, end }) => source.text.slice(start, end),
  };
}

const nowhere: Span = { start: -1, end: -1 };
/** In no call of this document. */
const elsewhere = (model: Selecting): Selecting => ({ ...model, span: nowhere });

/** The catalogue's model of a mention, where there is one. */
export function knownModel(context: RuleContext, mention: Selecting | undefined): CatalogModel | undefined {
  const lookup = mention && context.nameModel(mention.text).lookup;
  return lookup?.kind === 'known' ? lookup.model : undefined;
}

/** Static tokens of several prompts together; `estimated` where one of the counts is. */
export async function tokensOf(
  context: RuleContext,
  prompts: readonly Prompt[],
  model: CatalogModel | undefined,
): Promise<{ readonly tokens: number; readonly estimated: boolean } | undefined> {
  const counts = await context.count(prompts.map(promptText), model);
  return (
    counts && {
      tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0),
      estimated: counts.some(({ basis }) => basis === 'estimated'),
    }
  );
}
