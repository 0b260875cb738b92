import type { CheaperModelChoice } from '../../advice/cheaperModels.ts';
import { costOf } from '../../catalog/costOf.ts';
import { formatUsd } from '../../catalog/formatUsd.ts';
import type { Price } from '../../catalog/price.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import type { TokenCount } from '../../tokens/tokenCount.ts';
import type { Annotation, ModelReason, PromptAnnotation } from '../analysis/annotation.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import type { Translate } from '../translate.ts';
import { cheaperModelLines, cheaperPromptLines } from './cheaperLines.ts';
import { annotationText, modelText } from './lensText.ts';
import { modelLines, priceLines } from './priceLines.ts';

/** What a hover says beside its annotation. */
export interface HoverDetails {
  readonly nowMs: number;
  readonly cheaper: readonly CheaperModelChoice[];
  /** Of a prompt with variables, in the order they stand: tokens of a static part, or the source of a variable. */
  readonly pieces?: readonly (number | string)[];
}

/** The breakdown behind a lens, as Markdown: what was counted, what it is priced with and why, and where the price is from. */
export function hoverText(annotation: Annotation, details: HoverDetails, t: Translate): string {
  const title = `**${escapeMarkdown(annotationText(annotation, t))}**`;
  const body =
    annotation.kind === 'prompt'
      ? promptLines(annotation, details, t)
      : [...modelLines(annotation.model, details.nowMs, t), ...cheaperModelLines(details.cheaper, t)];
  return [title, ...body].join('\n\n');
}

/** The same for a model by itself: in `tollgate.jsonc` there is no finding. */
export function modelHover(model: NamedModel, nowMs: number, t: Translate): string {
  return [`**${escapeMarkdown(modelText(model, t))}**`, ...modelLines(model, nowMs, t)].join('\n\n');
}

const lineBreak = '  \n';

function promptLines({ finding, count, priced }: PromptAnnotation, details: HoverDetails, t: Translate): string[] {
  const counted = [tokenLine(count, t), ...holesLine(finding.holes.length, t)].join(' ');
  // One paragraph: a hover has little height.
  const size = [counted, ...piecesLine(details.pieces, t)].join(lineBreak);
  if (!priced) return [size, t('No model is in sight. Set `tollgate.defaultModel` to see a price.')];
  const reason = reasonLine(escapeMarkdown(priced.model.name), priced.reason, t);
  const { lookup } = priced.model;
  if (lookup.kind === 'unknown' || priced.inputCost.status === 'unpriced')
    return [size, `${reason} ${t('Its price is unknown.')}`];
  return [
    size,
    [`${reason} ${t('Input only; the answer is billed as well.')}`, ...waysLine(count, lookup.model.price, t)].join(
      lineBreak,
    ),
    ...cheaperPromptLines(details.cheaper, count, lookup.model, t),
    ...priceLines(priced.model, details.nowMs, t),
  ];
}

/** Tokens below which no provider's prefix cache keeps anything (OpenAI and Anthropic: 1,024, for some models more). */
const shortestCachedPrefix = 1024;

/** The same text read from the provider's cache, and sent as a batch, where those have a price. */
function waysLine(count: TokenCount, price: Price | undefined, t: Translate): string[] {
  const amount = (cost: ReturnType<typeof costOf>): string | undefined =>
    'picoUsd' in cost ? `${count.basis === 'estimated' ? '~' : ''}${formatUsd(cost.picoUsd)}` : undefined;
  const isCached = price?.usdPerMTok.cacheRead !== undefined && count.tokens >= shortestCachedPrefix;
  const cached = isCached ? amount(costOf({ cacheRead: count.tokens }, price)) : undefined;
  const batch = price?.tiers?.batch && amount(costOf({ input: count.tokens }, price, { serviceTier: 'batch' }));
  const ways = [
    cached === undefined ? '' : t('read from the provider’s cache {0}', cached),
    batch === undefined ? '' : t('as a batch {0}', batch),
  ].filter((way) => way !== '');
  return ways.length === 0 ? [] : [escapeMarkdown(t('This prompt: {0}.', ways.join(', ')))];
}

function piecesLine(pieces: HoverDetails['pieces'], t: Translate): string[] {
  if (!pieces) return [];
  const shown = pieces.map((piece) =>
    typeof piece === 'number' ? t('{0} tok', piece.toLocaleString('en-US')) : `\`${piece.replaceAll('`', "'")}\``,
  );
  return [shown.join(' \\+ ')];
}

function holesLine(holes: number, t: Translate): string[] {
  if (holes === 0) return [];
  return [
    holes === 1 ? t('What fills the variable comes on top.') : t('What fills the {0} variables comes on top.', holes),
  ];
}

function tokenLine(count: TokenCount, t: Translate): string {
  const tokens = count.tokens.toLocaleString('en-US');
  if (count.basis === 'exact') return t('{0} tokens of text, counted with the tokenizer of the model.', tokens);
  const band = [count.low.toLocaleString('en-US'), count.high.toLocaleString('en-US')] as const;
  return t('About {0} tokens of text, estimated: between {1} and {2} in nine of ten cases.', tokens, ...band);
}

function reasonLine(name: string, reason: ModelReason, t: Translate): string {
  if (reason === 'sameCall') return t('Priced with {0}, the model of the same call.', name);
  if (reason === 'onlyInFile') return t('Priced with {0}, the only model in this file.', name);
  return t('Priced with {0}, your default model.', name);
}
