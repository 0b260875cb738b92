import type { AnswerFinish } from './answer.ts';

const ofChat: Readonly<Record<string, AnswerFinish>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'toolUse',
  function_call: 'toolUse',
  content_filter: 'refusal',
};

/** Some providers end a tool call with `stop`. */
export function finishOfChat(word: string | undefined, hasCalls: boolean, refused: boolean): AnswerFinish {
  const finish = (word !== undefined && Object.hasOwn(ofChat, word) ? ofChat[word] : undefined) ?? 'stop';
  if (finish !== 'stop') return finish;
  if (hasCalls) return 'toolUse';
  return refused ? 'refusal' : 'stop';
}

const ofMessage: Readonly<Record<string, AnswerFinish>> = {
  end_turn: 'stop',
  stop_sequence: 'stopSequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'context',
  tool_use: 'toolUse',
  refusal: 'refusal',
};

export function finishOfMessage(word: string | undefined): AnswerFinish {
  return (word !== undefined && Object.hasOwn(ofMessage, word) ? ofMessage[word] : undefined) ?? 'stop';
}

export const chatFinish: Readonly<Record<AnswerFinish, string>> = {
  stop: 'stop',
  stopSequence: 'stop',
  length: 'length',
  context: 'length',
  toolUse: 'tool_calls',
  refusal: 'content_filter',
};

export const messageFinish: Readonly<Record<AnswerFinish, string>> = {
  stop: 'end_turn',
  stopSequence: 'stop_sequence',
  length: 'max_tokens',
  context: 'model_context_window_exceeded',
  toolUse: 'tool_use',
  refusal: 'refusal',
};

/** A response is whole or says why it is not. */
export function incompleteReason(finish: AnswerFinish): string | undefined {
  if (finish === 'length' || finish === 'context') return 'max_output_tokens';
  return finish === 'refusal' ? 'content_filter' : undefined;
}
