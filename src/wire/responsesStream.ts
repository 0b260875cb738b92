import { createPendingEvents, type EventStream } from './eventStream.ts';
import { isJsonObject, type JsonObject, objectAt, parseJson, stringAt } from './json.ts';
import { type ReplyFacts, readReply } from './replyFacts.ts';

const terminal = new Set(['response.completed', 'response.incomplete', 'response.failed']);
const heralds = new Set(['response.created', 'response.in_progress', 'response.queued']);

/** OpenAI Responses: typed events; the last one carries the whole response. */
export function createResponsesStream(): EventStream {
  const deltas: string[] = [];
  const pending = createPendingEvents((data) => {
    const event = parseJson(data);
    const delta = isJsonObject(event) ? stringAt(event, 'delta') : undefined;
    if (delta !== undefined) deltas.push(delta);
  });
  let facts: ReplyFacts = {};
  let contentStarted = false;
  let final: JsonObject | undefined;
  let error: JsonObject | undefined;

  const read = (type: string | undefined, event: JsonObject): void => {
    const response = objectAt(event, 'response');
    if (response !== undefined) {
      const { finish: _finish, ...seen } = readReply('responses', response);
      facts = { ...facts, ...seen };
    }
    if (type === 'error') error ??= objectAt(event, 'error') ?? event;
    if (type === undefined || !terminal.has(type)) return;
    final = response;
    if (type === 'response.failed') error ??= objectAt(response, 'error') ?? {};
  };

  return {
    take(name, data) {
      if (name?.endsWith('.delta')) {
        contentStarted = true;
        pending.push(data);
        return;
      }
      if (name !== undefined && contentStarted && !terminal.has(name) && name !== 'error') return;
      const event = parseJson(data);
      if (!isJsonObject(event)) return;
      const type = name ?? stringAt(event, 'type');
      if (type?.endsWith('.delta')) pending.push(data);
      contentStarted ||= type !== undefined && !heralds.has(type) && type !== 'error' && !isEmptyItem(event);
      read(type, event);
    },
    get contentStarted() {
      return contentStarted;
    },
    get ended() {
      return final !== undefined;
    },
    get error() {
      return error;
    },
    facts: () => facts,
    reply: () => (error === undefined ? final : undefined),
    generatedText() {
      pending.settle();
      return deltas.join('');
    },
  };
}

/** A message or reasoning item is announced before it has content. */
function isEmptyItem(event: JsonObject): boolean {
  const type = stringAt(event, 'type');
  if (type === 'response.content_part.added') return true;
  const item = stringAt(objectAt(event, 'item'), 'type');
  return type === 'response.output_item.added' && (item === 'message' || item === 'reasoning');
}
