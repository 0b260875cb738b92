import type { JsonObject } from '../json.ts';
import { event as eventBytes, streamErrorEvent } from '../streamNotes.ts';
import type { AnswerEvent, AnswerPart, AnswerWriter } from './answer.ts';
import { incompleteReason } from './finish.ts';
import { pingComment } from './pingComment.ts';
import { itemId, messageItem, responseItem, responseShell, writeResponseReply } from './writeResponseReply.ts';

type Emit = (type: string, fields: JsonObject) => Uint8Array;

/**
 * @param request the client's body, of which a response repeats much
 * @param createdAt seconds since the epoch
 */
export function createResponseWriter(request: JsonObject, createdAt: number): AnswerWriter {
  const parts: AnswerPart[] = [];
  let id = '';
  let model = '';
  let refusal: string | undefined;
  let open: AnswerPart | undefined;
  let sequence = 0;
  const emit: Emit = (type, fields) => eventBytes(type, { type, sequence_number: sequence++, ...fields });
  const place = (): number => parts.length;

  const begin = (part: AnswerPart): Uint8Array[] => {
    const ended = end();
    open = part;
    return [...ended, ...beginEvents(emit, part, id, place())];
  };
  const end = (): Uint8Array[] => {
    if (open === undefined) return [];
    const part = open.kind === 'toolCall' && open.input === '' ? { ...open, input: '{}' } : open;
    const events = endEvents(emit, part, id, place());
    parts.push(part);
    open = undefined;
    return events;
  };
  const grow = (kind: AnswerPart['kind'], more: string, empty: AnswerPart): Uint8Array[] => {
    const begun = open?.kind === kind ? [] : begin(empty);
    if (open === undefined) return begun;
    open = grown(open, more);
    return [...begun, deltaEvent(emit, open, more, id, place())];
  };
  const finish = (event: Extract<AnswerEvent, { kind: 'finish' }>): Uint8Array[] => {
    const ended = [...end(), ...refusalEvents(emit, refusal, id, place())];
    const answer = { id, model, parts, ...event, ...(refusal === undefined ? {} : { refusal }) };
    const type = incompleteReason(event.finish) === undefined ? 'response.completed' : 'response.incomplete';
    return [...ended, emit(type, { response: writeResponseReply(answer, request, createdAt) })];
  };

  const write = (event: AnswerEvent): Uint8Array[] => {
    switch (event.kind) {
      case 'start': {
        ({ id, model } = event);
        const response = responseShell(id, model, request, createdAt);
        return [emit('response.created', { response }), emit('response.in_progress', { response })];
      }
      case 'text':
        return grow('text', event.text, { kind: 'text', text: '' });
      case 'thinking':
        return grow('thinking', event.text, { kind: 'thinking', text: '' });
      case 'signature': {
        const begun = open?.kind === 'thinking' ? [] : begin({ kind: 'thinking', text: '' });
        if (open?.kind === 'thinking') open = { ...open, signature: event.signature };
        return [...begun, ...end()];
      }
      case 'redacted':
        return [...begin({ kind: 'thinking', text: '', redacted: event.data }), ...end()];
      case 'callStart':
        return begin({ kind: 'toolCall', id: event.id, name: event.name, input: '' });
      case 'callInput':
        return grow('toolCall', event.json, { kind: 'toolCall', id: '', name: '', input: '' });
      case 'refusal':
        refusal = (refusal ?? '') + event.text;
        return end();
      case 'finish':
        return finish(event);
      case 'end':
        return [];
      case 'ping':
        return [pingComment()];
      case 'error':
        return [streamErrorEvent('responses', event.error)];
    }
  };
  return { write };
}

function grown(part: AnswerPart, more: string): AnswerPart {
  return part.kind === 'toolCall' ? { ...part, input: part.input + more } : { ...part, text: part.text + more };
}

/** An item as it is announced: there, and empty. */
function beginEvents(emit: Emit, part: AnswerPart, id: string, at: number): Uint8Array[] {
  const item = { ...responseItem(part, id, at), ...(part.kind === 'thinking' ? {} : { status: 'in_progress' }) };
  if (part.kind === 'text') {
    const where = { item_id: itemId('msg', id, at), output_index: at, content_index: 0 };
    const empty = { type: 'output_text', text: '', annotations: [], logprobs: [] };
    return [
      emit('response.output_item.added', { output_index: at, item: { ...item, content: [] } }),
      emit('response.content_part.added', { ...where, part: empty }),
    ];
  }
  const added = emit('response.output_item.added', { output_index: at, item });
  if (part.kind === 'toolCall' || part.redacted !== undefined) return [added];
  const where = { item_id: itemId('rs', id, at), output_index: at, summary_index: 0 };
  const empty = { type: 'summary_text', text: '' };
  return [added, emit('response.reasoning_summary_part.added', { ...where, part: empty })];
}

function deltaEvent(emit: Emit, part: AnswerPart, delta: string, id: string, at: number): Uint8Array {
  switch (part.kind) {
    case 'text': {
      const where = { item_id: itemId('msg', id, at), output_index: at, content_index: 0 };
      return emit('response.output_text.delta', { ...where, delta, logprobs: [] });
    }
    case 'thinking': {
      const where = { item_id: itemId('rs', id, at), output_index: at, summary_index: 0 };
      return emit('response.reasoning_summary_text.delta', { ...where, delta });
    }
    case 'toolCall': {
      const where = { item_id: itemId('fc', id, at), output_index: at };
      return emit('response.function_call_arguments.delta', { ...where, delta });
    }
  }
}

function endEvents(emit: Emit, part: AnswerPart, id: string, at: number): Uint8Array[] {
  const item = responseItem(part, id, at);
  return [...contentDone(emit, part, id, at), emit('response.output_item.done', { output_index: at, item })];
}

function contentDone(emit: Emit, part: AnswerPart, id: string, at: number): Uint8Array[] {
  switch (part.kind) {
    case 'text': {
      const where = { item_id: itemId('msg', id, at), output_index: at, content_index: 0 };
      const whole = { type: 'output_text', text: part.text, annotations: [], logprobs: [] };
      return [
        emit('response.output_text.done', { ...where, text: part.text, logprobs: [] }),
        emit('response.content_part.done', { ...where, part: whole }),
      ];
    }
    case 'thinking': {
      if (part.redacted !== undefined) return [];
      const where = { item_id: itemId('rs', id, at), output_index: at, summary_index: 0 };
      const whole = { type: 'summary_text', text: part.text };
      return [
        emit('response.reasoning_summary_text.done', { ...where, text: part.text }),
        emit('response.reasoning_summary_part.done', { ...where, part: whole }),
      ];
    }
    case 'toolCall': {
      const where = { item_id: itemId('fc', id, at), output_index: at };
      return [emit('response.function_call_arguments.done', { ...where, name: part.name, arguments: part.input })];
    }
  }
}

function refusalEvents(emit: Emit, refusal: string | undefined, id: string, at: number): Uint8Array[] {
  if (refusal === undefined) return [];
  const where = { item_id: itemId('msg', id, at), output_index: at, content_index: 0 };
  const item = messageItem(id, at, { type: 'refusal', refusal });
  return [
    emit('response.output_item.added', { output_index: at, item: { ...item, status: 'in_progress', content: [] } }),
    emit('response.content_part.added', { ...where, part: { type: 'refusal', refusal: '' } }),
    emit('response.refusal.delta', { ...where, delta: refusal }),
    emit('response.refusal.done', { ...where, refusal }),
    emit('response.content_part.done', { ...where, part: { type: 'refusal', refusal } }),
    emit('response.output_item.done', { output_index: at, item }),
  ];
}
