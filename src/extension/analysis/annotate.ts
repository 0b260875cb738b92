import type { Catalog } from '../../catalog/catalog.ts';
import type { Cost } from '../../catalog/cost.ts';
import { costOf } from '../../catalog/costOf.ts';
import type { Config } from '../../config/config.ts';
import { type Finding, type ModelMention, type Prompt, promptText, type Span } from '../../detect/finding.ts';
import { createModelOfPrompt } from '../../detect/modelOfPrompt.ts';
import { asMention, type NamedModel, nameModel, nameSelected } from '../../scan/nameModel.ts';
import type { TokenCount, TokenCounter } from '../../tokens/tokenCount.ts';
import type { Annotation, ModelAnnotation, ModelReason } from './annotation.ts';

export interface AnnotateDeps {
  readonly catalog: Catalog;
  readonly aliases: Config['aliases'];
  readonly counter: TokenCounter;
  /** What a provider has counted of a text for a model (`anthropic/claude-sonnet-4-5`); wins over every estimate. */
  readonly exactCount?: (model: string, text: string) => number | undefined;
  /** Model id or alias; empty = none. */
  readonly defaultModel: string;
  /** Text of the document: names in a call may lead to its model. */
  readonly source?: string;
  /** Of the other cells of a notebook, which is one file in many documents. */
  readonly elsewhere?: readonly Finding[];
}

type PricedBy = { readonly model: NamedModel; readonly reason: ModelReason };

/** Says of each finding what it costs. Rejects only when the token counter does. */
export async function annotate(findings: readonly Finding[], deps: AnnotateDeps): Promise<Annotation[]> {
  const name = (text: string): NamedModel => nameModel(text, deps.catalog, deps.aliases);
  const models = findings.flatMap((finding) => modelAnnotation(finding, deps));
  const others = (deps.elsewhere ?? []).flatMap((finding) => modelAnnotation(finding, deps));
  const selecting = models.length > 0 ? models.flatMap(mentionsOf) : others.flatMap(mentionsOf).map(elsewhere);
  const modelOfPrompt = createModelOfPrompt(selecting, models.length > 0 ? deps.source : undefined);
  const prompts = findings
    .filter((finding): finding is Prompt => finding.kind === 'prompt')
    .map((finding) => ({ finding, pricedBy: pricedBy(modelOfPrompt(finding), finding, name, deps.defaultModel) }));
  const counts = await countAll(prompts, deps.counter);
  const priced = prompts.flatMap(({ finding, pricedBy: by }): Annotation[] => {
    const estimate = counts.get(finding);
    if (estimate === undefined) return [];
    const count = counted(finding, by, deps) ?? estimate;
    const cost = by && { ...by, inputCost: inputCost(count, by.model) };
    return [{ kind: 'prompt', span: finding.span, finding, count, ...(cost && { priced: cost }) }];
  });
  return [...models, ...priced].sort((a, b) => a.span.start - b.span.start);
}

function modelAnnotation(finding: Finding, { catalog, aliases }: AnnotateDeps): ModelAnnotation[] {
  if (finding.kind === 'prompt') return [];
  const model = nameSelected(finding, catalog, aliases);
  return asMention(finding, model) ? [{ kind: 'model', span: finding.span, finding, model }] : [];
}

function mentionsOf({ finding, model }: ModelAnnotation): ModelMention[] {
  const mention = asMention(finding, model);
  return mention ? [mention] : [];
}

/** In no call of this document. */
function elsewhere(mention: ModelMention): ModelMention {
  return { ...mention, span: nowhere, literal: nowhere };
}

const nowhere: Span = { start: -1, end: -1 };

function pricedBy(
  mention: ModelMention | undefined,
  prompt: Prompt,
  name: (text: string) => NamedModel,
  defaultModel: string,
): PricedBy | undefined {
  if (mention) {
    const sameCall = isWithin(mention.span, prompt.call);
    return { model: name(mention.text), reason: sameCall ? 'sameCall' : 'onlyInFile' };
  }
  return defaultModel === '' ? undefined : { model: name(defaultModel), reason: 'default' };
}

function isWithin(inner: Span, outer: Span | undefined): boolean {
  return outer !== undefined && inner.start >= outer.start && inner.end <= outer.end;
}

/** One request to the counter per tokenizer, all at once. */
async function countAll(
  prompts: readonly { finding: Prompt; pricedBy: PricedBy | undefined }[],
  counter: TokenCounter,
): Promise<ReadonlyMap<Prompt, TokenCount>> {
  const counts = new Map<Prompt, TokenCount>();
  const tokenizers = new Set(prompts.map((prompt) => tokenizerOf(prompt.pricedBy)));
  const groups = [...tokenizers].map(async (tokenizer) => {
    const group = prompts.filter((prompt) => tokenizerOf(prompt.pricedBy) === tokenizer).map(({ finding }) => finding);
    const counted = await counter.count(group.map(promptText), tokenizer);
    for (const [index, count] of counted.entries()) if (group[index]) counts.set(group[index], count);
  });
  await Promise.all(groups);
  return counts;
}

/** A count that the provider of the model gave earlier. */
function counted(finding: Prompt, by: PricedBy | undefined, { exactCount }: AnnotateDeps): TokenCount | undefined {
  if (by?.model.lookup.kind !== 'known') return undefined;
  const { provider, id } = by.model.lookup.model;
  const tokens = exactCount?.(`${provider}/${id}`, promptText(finding));
  return tokens === undefined ? undefined : { basis: 'exact', tokens };
}

function tokenizerOf(by: PricedBy | undefined): string | undefined {
  return by?.model.lookup.kind === 'known' ? by.model.lookup.model.tokenizer : undefined;
}

function inputCost(count: TokenCount, { lookup }: NamedModel): Cost {
  if (lookup.kind === 'unknown') return { status: 'unpriced', reason: lookup.id };
  const estimated = count.basis === 'estimated' ? { estimatedBecause: 'tokens are estimated' } : {};
  return costOf({ input: count.tokens }, lookup.model.price, estimated);
}
