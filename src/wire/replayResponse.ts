import { arrayAt, isJsonObject, type JsonObject, stringAt } from './json.ts';
import { event } from './streamNotes.ts';

type Emit = (type: string, fields: JsonObject) => void;

/** A Responses reply as the events it would have been streamed in. */
export function replayResponse(reply: JsonObject): Uint8Array[] {
  const events: Uint8Array[] = [];
  const emit: Emit = (type, fields) => {
    events.push(event(type, { type, sequence_number: events.length, ...fields }));
  };
  const begun = { ...reply, status: 'in_progress', output: [], usage: null };
  emit('response.created', { response: begun });
  emit('response.in_progress', { response: begun });
  arrayAt(reply, 'output')
    .filter(isJsonObject)
    .forEach((item, index) => {
      emitItem(emit, item, index);
    });
  emit(reply.status === 'incomplete' ? 'response.incomplete' : 'response.completed', { response: reply });
  return events;
}

function emitItem(emit: Emit, item: JsonObject, index: number): void {
  const content = item.type === 'message' ? arrayAt(item, 'content').filter(isJsonObject) : [];
  const begun = item.type === 'message' ? { ...item, status: 'in_progress', content: [] } : item;
  emit('response.output_item.added', { output_index: index, item: begun });
  content.forEach((part, at) => {
    emitPart(emit, part, { item_id: item.id ?? null, output_index: index, content_index: at });
  });
  emit('response.output_item.done', { output_index: index, item });
}

function emitPart(emit: Emit, part: JsonObject, place: JsonObject): void {
  const field = part.type === 'refusal' ? 'refusal' : 'text';
  const name = part.type === 'refusal' ? 'refusal' : 'output_text';
  const text = stringAt(part, field) ?? '';
  const logprobs = field === 'text' ? { logprobs: arrayAt(part, 'logprobs') } : {};
  emit('response.content_part.added', { ...place, part: { ...part, [field]: '' } });
  emit(`response.${name}.delta`, { ...place, delta: text, ...logprobs });
  emit(`response.${name}.done`, { ...place, [field]: text, ...logprobs });
  emit('response.content_part.done', { ...place, part });
}
