import { mergeAnthropicUsage } from './anthropicUsage.ts';
import {
  arrayAt,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  numberAt,
  objectAt,
  parseJson,
  stringAt,
} from './json.ts';

/** Puts the events of a message together into the reply they stand for. */
export interface MessageAssembly {
  add(event: JsonObject): void;
  reply(): JsonObject | undefined;
  text(): string;
}

interface Block {
  readonly start: JsonObject;
  readonly texts: Map<string, string>;
  readonly citations: JsonValue[];
}

/** Which field of the block a delta's text belongs to. */
const fieldOfDelta: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
  input_json_delta: 'partial_json',
};

export function createMessageAssembly(): MessageAssembly {
  const blocks = new Map<number, Block>();
  let message: JsonObject | undefined;
  let isWhole = true;

  const addDelta = (event: JsonObject): void => {
    const block = blocks.get(numberAt(event, 'index') ?? -1);
    const delta = objectAt(event, 'delta');
    const type = stringAt(delta, 'type') ?? '';
    const field = Object.hasOwn(fieldOfDelta, type) ? fieldOfDelta[type] : undefined;
    const text = field === undefined ? undefined : stringAt(delta, field);
    if (block !== undefined && field !== undefined && text !== undefined)
      block.texts.set(field, (block.texts.get(field) ?? '') + text);
    else if (block !== undefined && type === 'citations_delta' && delta?.citation !== undefined)
      block.citations.push(delta.citation);
    else isWhole = false;
  };

  return {
    add(event) {
      const type = stringAt(event, 'type');
      if (type === 'message_start') message = objectAt(event, 'message');
      else if (type === 'content_block_start')
        blocks.set(numberAt(event, 'index') ?? 0, {
          start: objectAt(event, 'content_block') ?? {},
          texts: new Map(),
          citations: [],
        });
      else if (type === 'content_block_delta') addDelta(event);
      else if (type === 'message_delta' && message !== undefined) message = finish(message, event);
    },
    reply() {
      if (message === undefined || !isWhole) return undefined;
      const content = [...blocks].toSorted(([a], [b]) => a - b).map(([, block]) => blockValue(block));
      return { ...message, content };
    },
    text: () => [...blocks.values()].flatMap((block) => [...block.texts.values()]).join('\n'),
  };
}

function finish(message: JsonObject, event: JsonObject): JsonObject {
  const usage = mergeAnthropicUsage(objectAt(message, 'usage') ?? {}, objectAt(event, 'usage') ?? {});
  return { ...message, ...objectAt(event, 'delta'), usage };
}

function blockValue({ start, texts, citations }: Block): JsonObject {
  const { partial_json: input, ...fields } = Object.fromEntries(texts);
  const value: Record<string, JsonValue | undefined> = { ...start };
  for (const [key, text] of Object.entries(fields)) value[key] = `${stringAt(start, key) ?? ''}${text}`;
  if (input) {
    const parsed = parseJson(input);
    if (isJsonObject(parsed)) value.input = parsed;
  }
  if (citations.length > 0) value.citations = [...arrayAt(start, 'citations'), ...citations];
  return value;
}
