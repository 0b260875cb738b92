import { isJsonObject, type JsonObject, type JsonValue, stringAt } from './json.ts';
import type { ParsedRequest } from './parsedRequest.ts';

/** What a conversation begins with and what it asks now; enough to tell conversations and their turns apart. */
export interface Instructions {
  /** System prompt and the user's first words. */
  readonly opening: string;
  /** The user's last words: what the answer is to. */
  readonly last: string;
  /** Messages in which the user says something of his own. */
  readonly count: number;
  /** Messages, items and parts of all roles. */
  readonly messages: number;
}

/** Reads what the user says in a request of any endpoint. Tool results are no words of the user. */
export function instructionsOf({ body }: Pick<ParsedRequest, 'body'>): Instructions {
  const items = messagesIn(body);
  const own = items.map(ownWords).filter((text) => text !== '');
  const system = [
    textOf(body.system),
    textOf(body.instructions),
    ...items.filter(isSystem).map(({ content }) => textOf(content)),
  ];
  return {
    opening: [...system, own[0] ?? ''].filter((text) => text !== '').join('\n'),
    last: own.at(-1) ?? '',
    count: own.length,
    messages: items.length,
  };
}

function messagesIn(body: JsonObject): readonly JsonObject[] {
  const list = body.messages ?? body.input ?? body.prompt;
  if (typeof list === 'string') return [{ role: 'user', content: list }];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function isSystem({ role }: JsonObject): boolean {
  return role === 'system' || role === 'developer';
}

function ownWords(message: JsonObject): string {
  return message.role === 'user' ? textOf(message.content) : '';
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.flatMap((part) => (isJsonObject(part) && isText(part) ? (stringAt(part, 'text') ?? []) : []));
  return texts.join('\n');
}

function isText({ type }: JsonObject): boolean {
  return type === 'text' || type === 'input_text';
}
