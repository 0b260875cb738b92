import { arrayAt, isJsonObject, type JsonObject, stringAt } from '../wire/json.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';

/** Bigger answers are rare, and would push out many small ones. */
const maxAnswerLength = 4 * 1024 * 1024;

/**
 * A complete answer with a natural end, without tool calls or refusal, with something in it, and valid where JSON was asked
 * for: anything else would be repeated where asking again might have helped.
 */
export function isWorthKeeping(answer: StoredAnswer, wantsJson: boolean): boolean {
  if (answer.finish !== 'stop' || answer.json.length > maxAnswerLength) return false;
  const reply = parsed(answer.json);
  if (!isJsonObject(reply) || reply.error) return false;
  if (answer.endpoint === 'embeddings') return arrayAt(reply, 'data').length > 0;
  const texts = textsOf(answer.endpoint, reply);
  return texts.length > 0 && texts.every((text) => text.trim() !== '' && (!wantsJson || parsed(text) !== undefined));
}

/** The text of each choice of an answer. */
function textsOf(endpoint: StoredAnswer['endpoint'], reply: JsonObject): string[] {
  switch (endpoint) {
    case 'chat.completions':
      return objects(reply, 'choices').map((choice) => {
        const { message } = choice;
        return (isJsonObject(message) && stringAt(message, 'content')) || '';
      });
    case 'completions':
      return objects(reply, 'choices').map((choice) => stringAt(choice, 'text') ?? '');
    case 'responses':
      return [joined(objects(reply, 'output').flatMap((item) => objects(item, 'content')))];
    case 'messages':
      return [joined(objects(reply, 'content'))];
    default:
      return [];
  }
}

function objects(object: JsonObject, key: string): JsonObject[] {
  return arrayAt(object, key).filter(isJsonObject);
}

function joined(parts: readonly JsonObject[]): string {
  return parts.map((part) => stringAt(part, 'text') ?? '').join('');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
