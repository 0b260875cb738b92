import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from './json.ts';
import { event } from './streamNotes.ts';

/** An Anthropic message as the events it would have been streamed in. */
export function replayMessage(reply: JsonObject): Uint8Array[] {
  const usage = objectAt(reply, 'usage') ?? {};
  const message = {
    ...reply,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  };
  const blocks = arrayAt(reply, 'content').filter(isJsonObject);
  const delta = { stop_reason: reply.stop_reason ?? null, stop_sequence: reply.stop_sequence ?? null };
  return [
    event('message_start', { type: 'message_start', message }),
    ...blocks.flatMap(blockEvents),
    event('message_delta', { type: 'message_delta', delta, usage }),
    event('message_stop', { type: 'message_stop' }),
  ];
}

function blockEvents(block: JsonObject, index: number): Uint8Array[] {
  const { start, deltas } = partsOf(block);
  return [
    event('content_block_start', { type: 'content_block_start', index, content_block: start }),
    ...deltas.map((delta) => event('content_block_delta', { type: 'content_block_delta', index, delta })),
    event('content_block_stop', { type: 'content_block_stop', index }),
  ];
}

interface Parts {
  readonly start: JsonObject;
  readonly deltas: readonly JsonObject[];
}

/** A block as it starts, and the deltas that complete it. A kind without deltas starts complete. */
function partsOf(block: JsonObject): Parts {
  switch (block.type) {
    case 'text': {
      const citations = arrayAt(block, 'citations').map((citation) => ({ type: 'citations_delta', citation }));
      const text = { type: 'text_delta', text: stringAt(block, 'text') ?? '' };
      return {
        start: { ...block, text: '', ...(citations.length > 0 ? { citations: [] } : {}) },
        deltas: [...citations, text],
      };
    }
    case 'thinking':
      return {
        start: { ...block, thinking: '', signature: '' },
        deltas: [
          { type: 'thinking_delta', thinking: stringAt(block, 'thinking') ?? '' },
          { type: 'signature_delta', signature: stringAt(block, 'signature') ?? '' },
        ],
      };
    case 'tool_use':
      return {
        start: { ...block, input: {} },
        deltas: [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input ?? {}) }],
      };
    default:
      return { start: block, deltas: [] };
  }
}
