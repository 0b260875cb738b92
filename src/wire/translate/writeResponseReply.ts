import type { JsonObject } from '../json.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { incompleteReason } from './finish.ts';
import { encryptedThinking } from './thinkingBlocks.ts';
import { responseUsage } from './writeUsage.ts';

export function responseId(id: string): string {
  return `resp_${id}`;
}

/** Members of the request that a response repeats, and what they are where the request has none. */
const repeated = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: null,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
  user: null,
} as const satisfies JsonObject;

/** A response as far as it has come; nothing is stored, so it can never be asked for again. */
export function responseShell(id: string, model: string, request: JsonObject, createdAt: number): JsonObject {
  const echo = Object.entries(repeated).map(([key, value]) => [key, request[key] ?? value] as const);
  return {
    id: responseId(id),
    object: 'response',
    created_at: createdAt,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model,
    output: [],
    ...Object.fromEntries(echo),
    store: false,
    usage: null,
  };
}

/** @param createdAt seconds since the epoch */
export function writeResponseReply(answer: Answer, request: JsonObject, createdAt: number): JsonObject {
  const { id, model, usage, finish, refusal } = answer;
  const reason = incompleteReason(finish);
  const items = answer.parts.map((part, index) => responseItem(part, id, index));
  const refused = { type: 'refusal', refusal: refusal ?? '' };
  return {
    ...responseShell(id, model, request, createdAt),
    status: reason === undefined ? 'completed' : 'incomplete',
    incomplete_details: reason === undefined ? null : { reason },
    output: refusal === undefined ? items : [...items, messageItem(id, items.length, refused)],
    usage: usage === undefined ? null : responseUsage(usage),
  };
}

export function itemId(kind: 'msg' | 'fc' | 'rs', id: string, index: number): string {
  return `${kind}_${id}_${index}`;
}

export function responseItem(part: AnswerPart, id: string, index: number): JsonObject {
  switch (part.kind) {
    case 'text':
      return messageItem(id, index, { type: 'output_text', text: part.text, annotations: [], logprobs: [] });
    case 'thinking':
      return {
        id: itemId('rs', id, index),
        type: 'reasoning',
        summary: part.text === '' ? [] : [{ type: 'summary_text', text: part.text }],
        encrypted_content: part.signature || part.redacted ? encryptedThinking(part) : null,
      };
    case 'toolCall': {
      const called = { call_id: part.id, name: part.name, arguments: part.input };
      return { id: itemId('fc', id, index), type: 'function_call', status: 'completed', ...called };
    }
  }
}

export function messageItem(id: string, index: number, part: JsonObject): JsonObject {
  const place = { id: itemId('msg', id, index), type: 'message', status: 'completed', role: 'assistant' };
  return { ...place, content: [part] };
}
