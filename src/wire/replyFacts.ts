import type { ServiceTier } from '../catalog/price.ts';
import { readAnthropicUsage } from './anthropicUsage.ts';
import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt, stringAt } from './json.ts';
import { readOpenaiUsage } from './openaiUsage.ts';
import type { BodyEndpoint } from './parsedRequest.ts';
import type { FinishKind } from './storedAnswer.ts';
import { serviceTierOf, type UsageReading } from './usageReading.ts';

/** What a reply says about itself: what a ledger row needs. */
export interface ReplyFacts {
  /** The model the provider says it ran. */
  readonly model?: string;
  readonly usage?: UsageReading;
  /** The tier it was served at, which beats the one asked for. */
  readonly serviceTier?: ServiceTier;
  /** Why the answer ended, in the provider's own word. */
  readonly finishReason?: string;
}

export interface CompleteReply extends ReplyFacts {
  readonly finish: FinishKind;
}

/** Reads a 2xx JSON reply of a parsed endpoint. */
export function readReply(endpoint: BodyEndpoint, reply: JsonObject): CompleteReply {
  return { ...readFacts(endpoint, reply), ...finishOf(endpoint, reply) };
}

/** Model, usage and tier of a reply, or of an event that carries them at the same place. */
export function readFacts(endpoint: BodyEndpoint, reply: JsonObject): ReplyFacts {
  const usage = usageIn(endpoint, reply);
  const model = stringAt(reply, 'model');
  const serviceTier = serviceTierOf(reply.service_tier ?? usage?.raw.service_tier);
  return {
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
}

function usageIn(endpoint: BodyEndpoint, reply: JsonObject): UsageReading | undefined {
  // Groq's older streams carry it in a field of their own.
  const raw = objectAt(reply, 'usage') ?? objectAt(objectAt(reply, 'x_groq'), 'usage');
  if (raw === undefined) return undefined;
  if (endpoint === 'messages') return readAnthropicUsage(raw);
  const reading = readOpenaiUsage(raw);
  return endpoint === 'responses' ? withHostedTools(reading, reply) : reading;
}

/** OpenAI bills its own tools by the call and lists them in the output, not in the usage. Opening a page is no search. */
function withHostedTools(reading: UsageReading, reply: JsonObject): UsageReading {
  let webSearch = 0;
  let fileSearch = 0;
  for (const item of arrayAt(reply, 'output')) {
    if (!isJsonObject(item)) continue;
    if (item.type === 'file_search_call') fileSearch++;
    const action = stringAt(objectAt(item, 'action'), 'type') ?? 'search';
    if (item.type === 'web_search_call' && action === 'search') webSearch++;
  }
  if (webSearch === 0 && fileSearch === 0) return reading;
  return {
    ...reading,
    uses: {
      ...reading.uses,
      ...(webSearch === 0 ? {} : { webSearch }),
      ...(fileSearch === 0 ? {} : { fileSearch }),
    },
  };
}

interface Finish {
  readonly finish: FinishKind;
  readonly finishReason?: string;
}

function finishOf(endpoint: BodyEndpoint, reply: JsonObject): Finish {
  switch (endpoint) {
    case 'chat.completions':
    case 'completions':
      return worst(arrayAt(reply, 'choices').map(choiceFinish));
    case 'responses':
      return responseFinish(reply);
    case 'messages':
      return messageFinish(reply);
    case 'embeddings':
      return { finish: arrayAt(reply, 'data').length > 0 ? 'stop' : 'other' };
    case 'messages.count_tokens':
      return { finish: 'other' };
  }
}

/** Several choices end as their least natural one. */
function worst(finishes: readonly Finish[]): Finish {
  return finishes.find(({ finish }) => finish !== 'stop') ?? finishes[0] ?? { finish: 'other' };
}

const choiceKinds: Readonly<Record<string, FinishKind>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'toolUse',
  function_call: 'toolUse',
  content_filter: 'refusal',
};

function choiceFinish(choice: JsonValue): Finish {
  const object = isJsonObject(choice) ? choice : {};
  const message = objectAt(object, 'message');
  const finishReason = stringAt(object, 'finish_reason');
  if (finishReason === undefined) return { finish: 'other' };
  if (stringAt(message, 'refusal')) return { finish: 'refusal', finishReason };
  if (arrayAt(message, 'tool_calls').length > 0 || objectAt(message, 'function_call') !== undefined)
    return { finish: 'toolUse', finishReason };
  const isEmpty = !(stringAt(message, 'content') ?? stringAt(object, 'text'));
  const finish = kindOf(choiceKinds, finishReason);
  return { finish: finish === 'stop' && isEmpty ? 'other' : finish, finishReason };
}

function responseFinish(reply: JsonObject): Finish {
  const status = stringAt(reply, 'status');
  const reason = stringAt(objectAt(reply, 'incomplete_details'), 'reason');
  if (status === undefined) return { finish: 'other' };
  const finishReason = reason ?? status;
  if (status === 'incomplete') return { finish: reason === 'max_output_tokens' ? 'length' : 'refusal', finishReason };
  if (status !== 'completed') return { finish: 'other', finishReason };
  const items = arrayAt(reply, 'output').filter(isJsonObject);
  if (items.some((item) => item.type !== 'message' && item.type !== 'reasoning'))
    return { finish: 'toolUse', finishReason };
  const parts = items.flatMap((item) => arrayAt(item, 'content')).filter(isJsonObject);
  if (parts.some((part) => part.type === 'refusal')) return { finish: 'refusal', finishReason };
  return { finish: parts.some((part) => stringAt(part, 'text')) ? 'stop' : 'other', finishReason };
}

const messageKinds: Readonly<Record<string, FinishKind>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'toolUse',
  refusal: 'refusal',
};

function messageFinish(reply: JsonObject): Finish {
  const finishReason = stringAt(reply, 'stop_reason');
  if (finishReason === undefined) return { finish: 'other' };
  const blocks = arrayAt(reply, 'content').filter(isJsonObject);
  const plain = blocks.every((block) => block.type === 'text' || block.type === 'thinking');
  const finish = kindOf(messageKinds, finishReason);
  if (finish !== 'stop') return { finish, finishReason };
  if (!plain) return { finish: 'toolUse', finishReason };
  return { finish: blocks.some((block) => stringAt(block, 'text')) ? 'stop' : 'other', finishReason };
}

function kindOf(kinds: Readonly<Record<string, FinishKind>>, word: string): FinishKind {
  return (Object.hasOwn(kinds, word) ? kinds[word] : undefined) ?? 'other';
}
