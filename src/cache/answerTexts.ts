import { arrayAt, isJsonObject, type JsonObject, stringAt } from '../wire/json.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';

/** The text of each choice of an answer; empty for what is no text. */
export function answerTexts(endpoint: StoredAnswer['endpoint'], reply: JsonObject): string[] {
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

/** The beginning of a kept answer, to be read by its owner; undefined where it has no text. */
export function answerExcerpt({ endpoint, json }: StoredAnswer, maxLength: number): string | undefined {
  const reply = parsedJson(json);
  const [text = ''] = isJsonObject(reply) ? answerTexts(endpoint, reply) : [];
  if (text === '') return undefined;
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function objects(object: JsonObject, key: string): JsonObject[] {
  return arrayAt(object, key).filter(isJsonObject);
}

function joined(parts: readonly JsonObject[]): string {
  return parts.map((part) => stringAt(part, 'text') ?? '').join('');
}
