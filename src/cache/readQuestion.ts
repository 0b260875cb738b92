import { arrayAt, isJsonObject, type JsonObject, type JsonValue, numberAt, stringAt } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';

/** A request that is nothing but instructions and one question. */
export interface Question {
  readonly text: string;
  /** The conversation with the question taken out: what has to be equal for another wording to match. */
  readonly frame: JsonValue;
}

/** Above this, sampling is what the client wants. */
const highestTemperature = 0.3;

/**
 * The one text of the user, where the rest is system or developer instructions: only then does its wording alone decide
 * the answer. Undefined for conversations, tools, images, and requests for several answers.
 */
export function readQuestion({ endpoint, body }: ParsedRequest): Question | undefined {
  if ((numberAt(body, 'temperature') ?? 0) > highestTemperature || (numberAt(body, 'n') ?? 1) > 1) return undefined;
  if (arrayAt(body, 'tools').length > 0 || arrayAt(body, 'functions').length > 0) return undefined;
  switch (endpoint) {
    case 'chat.completions':
    case 'messages':
      return lastUserText(arrayAt(body, 'messages'), 'text');
    case 'responses': {
      if (stringAt(body, 'previous_response_id') !== undefined || body.prompt !== undefined) return undefined;
      const { input } = body;
      if (typeof input === 'string') return { text: input, frame: 'input' };
      return lastUserText(arrayAt(body, 'input'), 'input_text');
    }
    default:
      return undefined;
  }
}

function lastUserText(messages: readonly JsonValue[], partType: string): Question | undefined {
  const last = messages.at(-1);
  const before = messages.slice(0, -1);
  if (!isJsonObject(last) || last.role !== 'user' || !before.every(isInstruction)) return undefined;
  const text = textOf(last, partType);
  if (text === undefined) return undefined;
  return { text, frame: [...before, { ...last, content: null }] };
}

function isInstruction(message: JsonValue): boolean {
  return isJsonObject(message) && (message.role === 'system' || message.role === 'developer');
}

function textOf(message: JsonObject, partType: string): string | undefined {
  const { content } = message;
  if (typeof content === 'string') return content;
  const parts = arrayAt(message, 'content');
  const [only] = parts;
  if (parts.length !== 1 || !isJsonObject(only) || only.type !== partType) return undefined;
  return stringAt(only, 'text');
}
