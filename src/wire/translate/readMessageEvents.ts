import { mergeAnthropicUsage, readAnthropicUsage } from '../anthropicUsage.ts';
import { isJsonObject, type JsonObject, objectAt, parseJson, stringAt } from '../json.ts';
import type { AnswerEvent, AnswerReader } from './answer.ts';
import { finishOfMessage } from './finish.ts';
import { readWireError } from './translateError.ts';

/** Events of an Anthropic message. The finish is held back until the last event, without which the stream was cut. */
export function createMessageEvents(): AnswerReader {
  let usage: JsonObject = {};
  let held: AnswerEvent[] = [];
  let isOver = false;

  const once = (events: AnswerEvent[]): AnswerEvent[] => {
    if (isOver) return [];
    isOver = true;
    return events;
  };

  const readFinish = (event: JsonObject): void => {
    usage = mergeAnthropicUsage(usage, objectAt(event, 'usage') ?? {});
    const delta = objectAt(event, 'delta');
    const reason = stringAt(delta, 'stop_reason');
    if (reason === undefined) return;
    const stopSequence = stringAt(delta, 'stop_sequence');
    const explanation = stringAt(objectAt(delta, 'stop_details'), 'explanation');
    const refusal: AnswerEvent[] = explanation === undefined ? [] : [{ kind: 'refusal', text: explanation }];
    const finish = finishOfMessage(reason);
    const stop = stopSequence === undefined ? {} : { stopSequence };
    held = [...refusal, { kind: 'finish', finish, ...stop, usage: readAnthropicUsage(usage).usage }];
  };

  const read = (type: string | undefined, event: JsonObject): AnswerEvent[] => {
    switch (type) {
      case 'message_start': {
        const message = objectAt(event, 'message');
        usage = objectAt(message, 'usage') ?? {};
        const named = { id: stringAt(message, 'id') ?? '', model: stringAt(message, 'model') ?? '' };
        return [{ kind: 'start', ...named, usage: readAnthropicUsage(usage).usage }];
      }
      case 'content_block_start':
        return readStart(objectAt(event, 'content_block'));
      case 'content_block_delta':
        return readDelta(objectAt(event, 'delta'));
      case 'message_delta':
        readFinish(event);
        return [];
      case 'message_stop':
        return once([...held, { kind: 'end' }]);
      case 'ping':
        return [{ kind: 'ping' }];
      case 'error': {
        const error = readWireError(event) ?? { type: 'api_error', code: 'api_error', message: 'The provider failed.' };
        return once([{ kind: 'error', error }]);
      }
      default:
        return [];
    }
  };

  return {
    close: () => once([...held, { kind: 'end' }]),
    take(name, data) {
      if (isOver) return [];
      const event = parseJson(data);
      return isJsonObject(event) ? read(name ?? stringAt(event, 'type'), event) : [];
    },
  };
}

function readStart(block: JsonObject | undefined): AnswerEvent[] {
  switch (block?.type) {
    case 'text':
      return text('text', stringAt(block, 'text'));
    case 'thinking':
      return text('thinking', stringAt(block, 'thinking'));
    case 'redacted_thinking':
      return [{ kind: 'redacted', data: stringAt(block, 'data') ?? '' }];
    case 'tool_use':
      return [{ kind: 'callStart', id: stringAt(block, 'id') ?? '', name: stringAt(block, 'name') ?? '' }];
    default:
      return [];
  }
}

function readDelta(delta: JsonObject | undefined): AnswerEvent[] {
  switch (delta?.type) {
    case 'text_delta':
      return text('text', stringAt(delta, 'text'));
    case 'thinking_delta':
      return text('thinking', stringAt(delta, 'thinking'));
    case 'signature_delta':
      return [{ kind: 'signature', signature: stringAt(delta, 'signature') ?? '' }];
    case 'input_json_delta': {
      const json = stringAt(delta, 'partial_json') ?? '';
      return json === '' ? [] : [{ kind: 'callInput', json }];
    }
    default:
      return [];
  }
}

function text(kind: 'text' | 'thinking', said: string | undefined): AnswerEvent[] {
  return said ? [{ kind, text: said }] : [];
}
