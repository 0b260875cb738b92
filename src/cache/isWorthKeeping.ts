import { arrayAt, isJsonObject, type JsonObject } from '../wire/json.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';
import { answerTexts, parsedJson } from './answerTexts.ts';

/** Bigger answers are rare, and would push out many small ones. */
const maxAnswerLength = 4 * 1024 * 1024;

/**
 * A complete answer with a natural end, without tool calls or refusal, with something in it, and valid where JSON was asked
 * for: anything else would be repeated where asking again might have helped.
 * @param parsed what `answer.json` says, where that is known
 */
export function isWorthKeeping(answer: StoredAnswer, wantsJson: boolean, parsed?: JsonObject): boolean {
  if (answer.finish !== 'stop' || answer.json.length > maxAnswerLength) return false;
  const reply = parsed ?? parsedJson(answer.json);
  if (!isJsonObject(reply) || reply.error) return false;
  if (answer.endpoint === 'embeddings') return arrayAt(reply, 'data').length > 0;
  const texts = answerTexts(answer.endpoint, reply);
  return (
    texts.length > 0 && texts.every((text) => text.trim() !== '' && (!wantsJson || parsedJson(text) !== undefined))
  );
}
