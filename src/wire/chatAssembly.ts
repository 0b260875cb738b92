import { arrayAt, isJsonObject, type JsonObject, type JsonValue, numberAt, objectAt, stringAt } from './json.ts';

/** Puts the chunks of a chat completion (or legacy completion) together into the reply they stand for. */
export interface ChatAssembly {
  add(chunk: JsonObject): void;
  reply(): JsonObject | undefined;
  text(): string;
}

interface ToolCall {
  id: string | undefined;
  type: string;
  name: string;
  arguments: string;
}

interface Choice {
  finishReason: string | null;
  /** Text fields of the message by name: `content`, `refusal`, `reasoning_content` … */
  texts: Map<string, string>;
  toolCalls: ToolCall[];
  logprobs: JsonValue[];
}

/** Parts of a delta that are neither text nor tool calls cannot be put together, and make the whole reply unknown. */
const ignored = new Set(['role', 'tool_calls', 'annotations', 'obfuscation']);

export function createChatAssembly(endpoint: 'chat.completions' | 'completions'): ChatAssembly {
  const choices = new Map<number, Choice>();
  let head: JsonObject | undefined;
  let tail: JsonObject = {};
  let isWhole = true;

  const choiceAt = (index: number): Choice => {
    const known = choices.get(index);
    if (known !== undefined) return known;
    const made: Choice = { finishReason: null, texts: new Map(), toolCalls: [], logprobs: [] };
    choices.set(index, made);
    return made;
  };

  return {
    add(chunk) {
      head ??= chunk;
      tail = { ...tail, ...lateFields(chunk) };
      for (const part of arrayAt(chunk, 'choices').filter(isJsonObject)) {
        const choice = choiceAt(numberAt(part, 'index') ?? 0);
        choice.finishReason = stringAt(part, 'finish_reason') ?? choice.finishReason;
        choice.logprobs.push(...arrayAt(objectAt(part, 'logprobs'), 'content'));
        isWhole = addDelta(choice, objectAt(part, 'delta') ?? { text: part.text ?? null }) && isWhole;
      }
    },
    reply() {
      if (head === undefined || !isWhole || choices.size === 0) return undefined;
      const { choices: _choices, object: _object, usage: _usage, obfuscation: _pad, ...rest } = head;
      const sorted = [...choices].toSorted(([a], [b]) => a - b);
      const list = sorted.map(([index, choice]) =>
        endpoint === 'completions' ? completionChoice(index, choice) : chatChoice(index, choice),
      );
      const object = endpoint === 'completions' ? 'text_completion' : 'chat.completion';
      return { ...rest, object, choices: list, ...tail };
    },
    text: () => [...choices.values()].map(choiceText).join('\n'),
  };
}

/** What a later chunk knows better than the first. */
function lateFields(chunk: JsonObject): JsonObject {
  const fields: Record<string, JsonValue> = {};
  for (const key of ['usage', 'service_tier', 'system_fingerprint']) {
    const value = chunk[key];
    if (value !== null && value !== undefined) fields[key] = value;
  }
  return fields;
}

function addDelta(choice: Choice, delta: JsonObject): boolean {
  let known = true;
  for (const [key, value] of Object.entries(delta)) {
    if (typeof value === 'string' && !ignored.has(key)) choice.texts.set(key, (choice.texts.get(key) ?? '') + value);
    else if (value !== null && value !== undefined && !ignored.has(key)) known = false;
  }
  for (const part of arrayAt(delta, 'tool_calls').filter(isJsonObject)) addToolCall(choice, part);
  return known;
}

function addToolCall(choice: Choice, part: JsonObject): void {
  const index = numberAt(part, 'index') ?? 0;
  const call = choice.toolCalls[index] ?? { id: undefined, type: 'function', name: '', arguments: '' };
  const changed = objectAt(part, 'function');
  call.id ??= stringAt(part, 'id');
  call.name += stringAt(changed, 'name') ?? '';
  call.arguments += stringAt(changed, 'arguments') ?? '';
  choice.toolCalls[index] = call;
}

function chatChoice(index: number, choice: Choice): JsonObject {
  const texts = Object.fromEntries(choice.texts);
  const toolCalls = choice.toolCalls.map(({ id, type, name, arguments: text }) => ({
    id: id ?? null,
    type,
    function: { name, arguments: text },
  }));
  const message: JsonObject = {
    role: 'assistant',
    content: null,
    refusal: null,
    ...texts,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
  return { index, message, logprobs: logprobsOf(choice), finish_reason: choice.finishReason };
}

function completionChoice(index: number, choice: Choice): JsonObject {
  return { index, text: choice.texts.get('text') ?? '', logprobs: null, finish_reason: choice.finishReason };
}

function logprobsOf(choice: Choice): JsonObject | null {
  return choice.logprobs.length > 0 ? { content: choice.logprobs, refusal: null } : null;
}

function choiceText(choice: Choice): string {
  const calls = choice.toolCalls.map((call) => `${call.name}${call.arguments}`);
  return [...choice.texts.values(), ...calls].join('\n');
}
