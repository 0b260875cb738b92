import type { Target } from '../config/config.ts';
import { numberAt } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { BodyEdits } from './bodyEdits.ts';

/** Body fields that limit the answer, per endpoint; the first is written where a request has none. */
function limitFields(request: ParsedRequest, target: Target): readonly string[] {
  switch (request.endpoint) {
    case 'chat.completions':
      return takesCompletionTokens(target)
        ? ['max_completion_tokens', 'max_tokens']
        : ['max_tokens', 'max_completion_tokens'];
    case 'completions':
    case 'messages':
      return ['max_tokens'];
    case 'responses':
      return ['max_output_tokens'];
    default:
      return [];
  }
}

/** OpenAI's reasoning models by their own names, wherever they run (Azure, OpenRouter, a gateway). */
const reasoningModel = /^(?:openai\/)?(?:o\d|gpt-5|codex)/;

/** OpenAI: `max_tokens` is deprecated, and refused by reasoning models; compatible servers know only the old name. */
function takesCompletionTokens({ provider, model }: Target): boolean {
  return provider === 'openai' || provider === 'azure' || reasoningModel.test(model);
}

/** Tokens the client lets each answer have; undefined = as many as the model gives. */
export function askedOutputTokens(request: ParsedRequest, target: Target): number | undefined {
  const asked = limitFields(request, target).flatMap((field) => numberAt(request.body, field) ?? []);
  return asked.length === 0 ? undefined : Math.min(...asked);
}

/** Answers a request asks for. */
export function askedAnswers({ body }: ParsedRequest): number {
  return Math.max(1, numberAt(body, 'n') ?? 1, numberAt(body, 'best_of') ?? 1);
}

/** The edits that keep an answer within `maxTokens`: a higher figure is lowered, a missing one set. None where nothing has to change. */
export function limitOutput(request: ParsedRequest, target: Target, maxTokens: number): BodyEdits {
  const fields = limitFields(request, target);
  const [preferred] = fields;
  if (preferred === undefined) return {};
  const present = fields.filter((field) => numberAt(request.body, field) !== undefined);
  if (present.length === 0) return { [preferred]: maxTokens };
  const tooHigh = present.filter((field) => (numberAt(request.body, field) ?? 0) > maxTokens);
  return Object.fromEntries(tooHigh.map((field) => [field, maxTokens]));
}
