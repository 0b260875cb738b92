import type { Catalog } from '../catalog/catalog.ts';
import type { AliasConfig, Target } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { BodyEdits } from './bodyEdits.ts';
import { cannotTruncate, inputTooLong, type LimitRefusal, noTargetFits, notAConversation } from './errors.ts';
import { type CountedModel, messagesOf } from './inputTokens.ts';
import { askedOutputTokens } from './outputLimit.ts';
import type { PromptCounter } from './promptCounter.ts';
import { groupItems } from './responseItems.ts';
import { type Truncation, truncateMessages } from './truncateMessages.ts';
import { modelOf } from './worstCase.ts';

export interface FittedInput {
  readonly kind: 'fits';
  readonly edits: BodyEdits;
  /** What was left out, for the explain header. */
  readonly truncated?: Omit<Extract<Truncation, { kind: 'fits' }>, 'kind' | 'messages'>;
  /** Targets that the prompt fits, where it does not fit the first. */
  readonly targets?: readonly [Target, ...Target[]];
}

export interface FittingRequest {
  readonly request: ParsedRequest;
  readonly alias: { readonly name: string; readonly config: AliasConfig };
  readonly targets: readonly [Target, ...Target[]];
  readonly catalog: Catalog;
  /** Messages that the client wants kept, by their place. */
  readonly pins?: readonly number[];
}

const asItIs: FittedInput = { kind: 'fits', edits: {} };

/** Brings a prompt within what its alias takes, in the way the alias says. A prompt that is short enough is not even counted. */
export async function fitInput(fitting: FittingRequest, counter: PromptCounter): Promise<FittedInput | LimitRefusal> {
  const { request, alias, catalog } = fitting;
  const [target] = fitting.targets;
  const maxTokens = maxInputTokens(fitting);
  if (maxTokens === undefined) return asItIs;
  const model = modelOf(catalog, target);
  const known = counter.known(request, model, 'tokens');
  if (known === undefined && counter.atMost(request) <= maxTokens) return asItIs;
  const { total } = known ?? (await counter.count(request, model, 'tokens'));
  if (total <= maxTokens) return asItIs;
  switch (alias.config.onOverflow) {
    case 'error':
      return inputTooLong(alias.name, total, maxTokens);
    case 'largerTarget':
      return largerTargets(fitting, total);
    case 'truncate':
      return truncated(fitting, counter, model, maxTokens);
  }
}

/** Without a limit of its own, an alias that can do something about it takes what its first target takes. */
function maxInputTokens({
  request,
  alias: { config },
  targets: [target],
  catalog,
}: FittingRequest): number | undefined {
  if (config.maxInputTokens !== undefined || config.onOverflow === 'error') return config.maxInputTokens;
  const contextTokens = modelOf(catalog, target)?.contextTokens;
  if (contextTokens === undefined) return undefined;
  return Math.max(1, contextTokens - outputTokens(request, config, target));
}

function outputTokens(request: ParsedRequest, config: AliasConfig, target: Target): number {
  const asked = askedOutputTokens(request, target);
  return Math.min(asked ?? config.maxOutputTokens ?? 0, config.maxOutputTokens ?? Number.POSITIVE_INFINITY);
}

function largerTargets(
  { request, alias, targets, catalog }: FittingRequest,
  total: number,
): FittedInput | LimitRefusal {
  const [first, ...rest] = targets.slice(1).filter((candidate) => {
    const contextTokens = modelOf(catalog, candidate)?.contextTokens ?? 0;
    return contextTokens >= total + outputTokens(request, alias.config, candidate);
  });
  return first === undefined ? noTargetFits(alias.name, total) : { ...asItIs, targets: [first, ...rest] };
}

/** Counted at the upper end of the band, so that what is sent is under the limit wherever the count was an estimate. */
async function truncated(
  { request, alias, pins = [] }: FittingRequest,
  counter: PromptCounter,
  model: CountedModel | undefined,
  maxTokens: number,
): Promise<FittedInput | LimitRefusal> {
  const counted = await counter.count(request, model, 'high');
  const field = request.endpoint === 'responses' ? 'input' : 'messages';
  const messages = messagesOf(request);
  if (!Array.isArray(request.body[field])) return notAConversation(alias.name, counted.total, maxTokens);
  const groups = field === 'input' ? { groups: groupItems(messages) } : {};
  const tokens = { tokens: counted.messages, fixedTokens: counted.fixed, maxTokens };
  const result = truncateMessages({ messages, ...groups, pins, ...tokens });
  if (result.kind === 'impossible') return cannotTruncate(alias.name, result.tokens, maxTokens);
  const { kind, messages: kept, ...truncation } = result;
  // Estimated above the limit at the upper end of the band only.
  if (truncation.dropped === 0) return asItIs;
  return { kind, edits: { [field]: kept }, truncated: truncation };
}
