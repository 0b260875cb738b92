import type { Usage } from '../../catalog/usage.ts';
import { arrayAt, isJsonObject, type JsonObject, numberAt, objectAt, parseJson, stringAt } from '../json.ts';
import { readFacts } from '../replyFacts.ts';
import type { AnswerEvent, AnswerFinish, AnswerReader } from './answer.ts';
import { finishOfChat } from './finish.ts';
import { reasoningIn } from './readChatReply.ts';
import { readWireError } from './translateError.ts';

const interleaved = {
  type: 'api_error',
  code: 'upstream_broken',
  message: 'The provider sent the arguments of several tool calls in turns, which cannot be told in this dialect.',
};

/** Chunks of a chat completion. The finish is held back until the usage has come, which is in the last chunk. */
export function createChatEvents(): AnswerReader {
  const calls = createCalls();
  let started = false;
  let finishReason: string | undefined;
  let refused = false;
  let usage: Usage | undefined;
  let isOver = false;

  const close = (): AnswerEvent[] => {
    if (isOver) return [];
    isOver = true;
    const finish: AnswerFinish = finishOfChat(finishReason, calls.count > 0, refused);
    return [{ kind: 'finish', finish, ...(usage === undefined ? {} : { usage }) }, { kind: 'end' }];
  };

  const readChoice = (choice: JsonObject): AnswerEvent[] => {
    const delta = objectAt(choice, 'delta');
    finishReason = stringAt(choice, 'finish_reason') ?? finishReason;
    const refusal = stringAt(delta, 'refusal') ?? '';
    refused ||= refusal !== '';
    const texts: AnswerEvent[] = [
      { kind: 'thinking', text: reasoningIn(delta) },
      { kind: 'text', text: stringAt(delta, 'content') ?? '' },
      { kind: 'refusal', text: refusal },
    ];
    const said = texts.filter((event) => 'text' in event && event.text !== '');
    return [...said, ...arrayAt(delta, 'tool_calls').filter(isJsonObject).flatMap(calls.take)];
  };

  return {
    close,
    take(_name, data) {
      if (isOver) return [];
      if (data === '[DONE]') return close();
      const chunk = parseJson(data);
      if (!isJsonObject(chunk)) return [];
      const error = chunk.error === undefined || chunk.error === null ? undefined : readWireError(chunk);
      if (error !== undefined) {
        isOver = true;
        return [{ kind: 'error', error }];
      }
      const start: AnswerEvent[] = started ? [] : [startOf(chunk)];
      started = true;
      usage = readFacts('chat.completions', chunk).usage?.usage ?? usage;
      const [choice] = arrayAt(chunk, 'choices').filter(isJsonObject);
      const events = choice === undefined ? [] : readChoice(choice);
      if (events.some(({ kind }) => kind === 'error')) isOver = true;
      const isLast = choice === undefined && finishReason !== undefined && usage !== undefined;
      return [...start, ...events, ...(isLast ? close() : [])];
    },
  };
}

function startOf(chunk: JsonObject): AnswerEvent {
  return { kind: 'start', id: stringAt(chunk, 'id') ?? '', model: stringAt(chunk, 'model') ?? '' };
}

interface Calls {
  readonly take: (part: JsonObject) => AnswerEvent[];
  readonly count: number;
}

/** Calls come one after the other; Gemini gives each of them the index 0, and some servers give them no id. */
function createCalls(): Calls {
  let index: number | undefined;
  let id = '';
  const closed = new Set<number>();
  let count = 0;
  const take = (part: JsonObject): AnswerEvent[] => {
    const at = numberAt(part, 'index') ?? 0;
    const called = objectAt(part, 'function');
    const name = stringAt(called, 'name');
    const partId = stringAt(part, 'id') ?? '';
    const isNew = index === undefined || at !== index || (!!name && partId !== '' && partId !== id);
    const json = stringAt(called, 'arguments') ?? '';
    const input: AnswerEvent[] = json === '' ? [] : [{ kind: 'callInput', json }];
    if (!isNew) return input;
    if (at !== index && closed.has(at)) return [{ kind: 'error', error: interleaved }];
    closed.add(at);
    index = at;
    id = partId === '' ? `call_${count}` : partId;
    count++;
    return [{ kind: 'callStart', id, name: name ?? '' }, ...input];
  };
  return {
    take,
    get count() {
      return count;
    },
  };
}
