import { mergeAnthropicUsage, readAnthropicUsage } from './anthropicUsage.ts';
import { createPendingEvents, type EventStream } from './eventStream.ts';
import { isJsonObject, type JsonObject, objectAt, parseJson, stringAt } from './json.ts';
import { createMessageAssembly } from './messageAssembly.ts';
import { type ReplyFacts, readFacts } from './replyFacts.ts';

/** Anthropic messages: `message_start`, content blocks, `message_delta`, `message_stop`. */
export function createMessagesStream(): EventStream {
  const assembly = createMessageAssembly();
  const pending = createPendingEvents((data) => {
    const event = parseJson(data);
    if (isJsonObject(event)) assembly.add(event);
  });
  let facts: ReplyFacts = {};
  let usage: JsonObject = {};
  let contentStarted = false;
  let ended = false;
  let error: JsonObject | undefined;

  const readUsage = (raw: JsonObject | undefined): void => {
    if (raw === undefined) return;
    usage = mergeAnthropicUsage(usage, raw);
    facts = { ...facts, ...readFacts('messages', { usage }), usage: readAnthropicUsage(usage) };
  };

  const read = (type: string | undefined, event: JsonObject): void => {
    if (type === 'message_start') {
      const message = objectAt(event, 'message') ?? {};
      facts = { ...facts, ...readFacts('messages', message) };
      readUsage(objectAt(message, 'usage'));
    } else if (type === 'message_delta') {
      readUsage(objectAt(event, 'usage'));
      const finishReason = stringAt(objectAt(event, 'delta'), 'stop_reason');
      if (finishReason !== undefined) facts = { ...facts, finishReason };
    } else if (type === 'error') error ??= objectAt(event, 'error') ?? event;
  };

  return {
    take(name, data) {
      const isDelta = name === 'content_block_delta';
      contentStarted ||= isDelta || name === 'message_delta';
      pending.push(data);
      if (isDelta || name === 'ping') return;
      const event = parseJson(data);
      if (!isJsonObject(event)) return;
      const type = name ?? stringAt(event, 'type');
      contentStarted ||= type === 'content_block_delta' || (type === 'content_block_start' && hasContent(event));
      ended ||= type === 'message_stop';
      read(type, event);
    },
    get contentStarted() {
      return contentStarted;
    },
    get ended() {
      return ended;
    },
    get error() {
      return error;
    },
    facts: () => facts,
    reply() {
      pending.settle();
      return assembly.reply();
    },
    generatedText() {
      pending.settle();
      return assembly.text();
    },
  };
}

/** A text or thinking block starts empty; a tool call starts with its name. */
function hasContent(event: JsonObject): boolean {
  const type = stringAt(objectAt(event, 'content_block'), 'type');
  return type !== 'text' && type !== 'thinking';
}
