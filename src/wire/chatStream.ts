import { createChatAssembly } from './chatAssembly.ts';
import { createPendingEvents, type EventStream } from './eventStream.ts';
import { arrayAt, isJsonObject, type JsonObject, objectAt, parseJson, stringAt } from './json.ts';
import { type ReplyFacts, readFacts } from './replyFacts.ts';

/** What an event must hold to be parsed at once. A quote inside a JSON string is escaped, so text cannot match. */
const telling = /"(?:finish_reason|usage|error)"\s*:\s*["{]/;

/**
 * Chat completions and completions: chunks, then `[DONE]`.
 * @param choices how many the client asked for (`n`); the answer is whole when each has its `finish_reason`
 */
export function createChatStream(endpoint: 'chat.completions' | 'completions', choices: number): EventStream {
  const assembly = createChatAssembly(endpoint);
  const pending = createPendingEvents((data) => {
    const event = parseJson(data);
    if (isJsonObject(event)) assembly.add(event);
  });
  const finished = new Set<unknown>();
  let facts: ReplyFacts = {};
  let contentStarted = false;
  let done = false;
  let error: JsonObject | undefined;

  const read = (event: JsonObject): void => {
    facts = { ...facts, ...readFacts(endpoint, event) };
    error ??= objectAt(event, 'error');
    for (const choice of arrayAt(event, 'choices').filter(isJsonObject)) {
      const finishReason = stringAt(choice, 'finish_reason');
      if (finishReason !== undefined) {
        finished.add(choice.index ?? 0);
        facts = { ...facts, finishReason };
      }
      contentStarted ||= finishReason !== undefined || hasContent(choice);
    }
  };

  return {
    take(_event, data) {
      if (data === '[DONE]') {
        done = true;
        return;
      }
      pending.push(data);
      if (contentStarted && !telling.test(data)) return;
      const event = parseJson(data);
      if (isJsonObject(event)) read(event);
    },
    get contentStarted() {
      return contentStarted;
    },
    get ended() {
      return done || finished.size >= choices;
    },
    get error() {
      return error;
    },
    facts: () => facts,
    reply() {
      pending.settle();
      return assembly.reply();
    },
    generatedText() {
      pending.settle();
      return assembly.text();
    },
  };
}

/** The opening chunk has a role and an empty text: not yet content. */
function hasContent(choice: JsonObject): boolean {
  if (stringAt(choice, 'text')) return true;
  const delta = objectAt(choice, 'delta') ?? {};
  return Object.entries(delta).some(
    ([key, value]) => key !== 'role' && value !== null && value !== '' && value !== undefined,
  );
}
