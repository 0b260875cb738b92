import { errorValue } from '../errorBody.ts';
import type { JsonObject } from '../json.ts';
import { event as eventBytes } from '../streamNotes.ts';
import type { AnswerEvent, AnswerWriter } from './answer.ts';
import { messageFinish } from './finish.ts';
import { thinkingBlock } from './thinkingBlocks.ts';
import { streamErrorStatus } from './translateError.ts';
import { messageId } from './writeMessageReply.ts';
import { messageUsage } from './writeUsage.ts';

type BlockKind = 'text' | 'thinking' | 'call';

export function createMessageWriter(): AnswerWriter {
  let open: BlockKind | undefined;
  let blocks = 0;

  const emit = (type: string, fields: JsonObject): Uint8Array => eventBytes(type, { type, ...fields });
  const stop = (): Uint8Array[] => {
    if (open === undefined) return [];
    open = undefined;
    return [emit('content_block_stop', { index: blocks - 1 })];
  };
  const start = (kind: BlockKind, block: JsonObject): Uint8Array[] => {
    const stopped = stop();
    open = kind;
    return [...stopped, emit('content_block_start', { index: blocks++, content_block: block })];
  };
  const ensure = (kind: BlockKind, block: JsonObject): Uint8Array[] => (open === kind ? [] : start(kind, block));
  const delta = (fields: JsonObject): Uint8Array => emit('content_block_delta', { index: blocks - 1, delta: fields });
  const says = (text: string): Uint8Array[] => [
    ...ensure('text', { type: 'text', text: '', citations: null }),
    delta({ type: 'text_delta', text }),
  ];
  const thinks = (fields: JsonObject): Uint8Array[] => [
    ...ensure('thinking', { type: 'thinking', thinking: '', signature: '' }),
    delta(fields),
  ];

  const write = (event: AnswerEvent): Uint8Array[] => {
    switch (event.kind) {
      case 'start':
        return [emit('message_start', { message: emptyMessage(event) })];
      case 'text':
      case 'refusal':
        return says(event.text);
      case 'thinking':
        return thinks({ type: 'thinking_delta', thinking: event.text });
      case 'signature':
        return thinks({ type: 'signature_delta', signature: event.signature });
      case 'redacted': {
        const block = thinkingBlock({ kind: 'thinking', text: '', redacted: event.data });
        return [...start('thinking', block), ...stop()];
      }
      case 'callStart':
        return start('call', { type: 'tool_use', id: event.id, name: event.name, input: {} });
      case 'callInput':
        return [delta({ type: 'input_json_delta', partial_json: event.json })];
      case 'finish': {
        const ending = { stop_reason: messageFinish[event.finish], stop_sequence: event.stopSequence ?? null };
        return [...stop(), emit('message_delta', { delta: ending, usage: messageUsage(event.usage ?? {}) })];
      }
      case 'end':
        return [emit('message_stop', {})];
      case 'ping':
        return [emit('ping', {})];
      case 'error':
        return [eventBytes('error', errorValue('anthropic', streamErrorStatus({ ...event.error }), event.error))];
    }
  };
  return { write };
}

/** What was read is known only when the answer is over: OpenAI counts at the end. */
function emptyMessage({ id, model, usage }: Extract<AnswerEvent, { kind: 'start' }>): JsonObject {
  return {
    id: messageId(id),
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: messageUsage(usage ?? {}),
  };
}
