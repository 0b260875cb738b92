import type { Catalog } from '../catalog/catalog.ts';
import type { Cost } from '../catalog/cost.ts';
import { costOf } from '../catalog/costOf.ts';
import type { Config } from '../config/config.ts';
import { type Finding, type ModelMention, type Prompt, promptText } from '../detect/finding.ts';
import { createModelOfPrompt } from '../detect/modelOfPrompt.ts';
import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';
import type { ReportedFinding } from './fileReport.ts';
import { createLinePositions } from './linePositions.ts';
import { asMention, type NamedModel, nameModel, nameSelected } from './nameModel.ts';

export interface ReportDeps {
  readonly catalog: Catalog;
  readonly aliases: Config['aliases'];
  /** Without one, prompts have no tokens and no cost. */
  readonly counter?: TokenCounter | undefined;
}

export interface DetectedDocument {
  readonly text: string;
  readonly findings: readonly Finding[];
  /** All findings of the file: a prompt in one notebook cell may go to the model of another. */
  readonly inFile: readonly Finding[];
  readonly cell?: number;
}

interface PromptToCount {
  readonly prompt: Prompt;
  readonly model: NamedModel | undefined;
}

function tokenizerOf(model: NamedModel | undefined): string | undefined {
  return model?.lookup.kind === 'known' ? model.lookup.model.tokenizer : undefined;
}

/** Counts the prompts, those of one tokenizer together. */
async function countTokens(
  prompts: readonly PromptToCount[],
  counter: TokenCounter | undefined,
): Promise<ReadonlyMap<Finding, TokenCount>> {
  const counts = new Map<Finding, TokenCount>();
  for (const tokenizer of counter ? new Set(prompts.map(({ model }) => tokenizerOf(model))) : []) {
    const group = prompts.filter(({ model }) => tokenizerOf(model) === tokenizer);
    const texts = group.map(({ prompt }) => promptText(prompt));
    for (const [index, count] of (await counter?.count(texts, tokenizer))?.entries() ?? []) {
      const prompt = group[index]?.prompt;
      if (prompt) counts.set(prompt, count);
    }
  }
  return counts;
}

/** What the mentions and constants among findings select. */
function selecting(findings: readonly Finding[], { catalog, aliases }: ReportDeps): ModelMention[] {
  return findings.flatMap((finding) => {
    if (finding.kind === 'prompt') return [];
    const mention = asMention(finding, nameSelected(finding, catalog, aliases));
    return mention ? [mention] : [];
  });
}

/** The model of the same document where it says one, else that of the whole file: notebook cells share their client. */
function createModelOf({ text, findings, inFile }: DetectedDocument, deps: ReportDeps) {
  const { catalog, aliases } = deps;
  const inDocument = createModelOfPrompt(selecting(findings, deps), text);
  const ofFile = createModelOfPrompt(selecting(inFile, deps));
  return (finding: Finding): NamedModel | undefined => {
    if (finding.kind !== 'prompt') return nameSelected(finding, catalog, aliases);
    // Spans of another document say nothing here, so the call is left out there.
    const { call: _, ...anywhere } = finding;
    const mention = inDocument(finding) ?? ofFile(anywhere);
    return mention && nameModel(mention.text, catalog, aliases);
  };
}

/** Adds positions, models, tokens and costs to the findings of one document. */
export async function reportFindings(document: DetectedDocument, deps: ReportDeps): Promise<ReportedFinding[]> {
  const position = createLinePositions(document.text);
  const modelOf = createModelOf(document, deps);
  const named = document.findings.map((finding) => ({ finding, model: modelOf(finding) }));
  const prompts = named.flatMap(({ finding, model }) =>
    finding.kind === 'prompt' ? [{ prompt: finding, model }] : [],
  );
  const counts = await countTokens(prompts, deps.counter);
  return named.map(({ finding, model }): ReportedFinding => {
    const tokens = counts.get(finding);
    return {
      finding,
      start: position(finding.span.start),
      end: position(finding.span.end),
      ...(document.cell === undefined ? {} : { cell: document.cell }),
      ...(model ? { model } : {}),
      ...(tokens ? { tokens } : {}),
      ...(tokens && model ? { inputCost: inputCost(tokens, model) } : {}),
    };
  });
}

function inputCost(tokens: TokenCount, { lookup }: NamedModel): Cost {
  const price = lookup.kind === 'known' ? lookup.model.price : undefined;
  return costOf(
    { input: tokens.tokens },
    price,
    tokens.basis === 'exact' ? {} : { estimatedBecause: 'tokens are estimated' },
  );
}
