import type { ModelApi } from './modelCall.ts';

interface RequestCallee {
  readonly api: ModelApi;
  /** Of the callee with its segments in the spelling of `identifierWords`, joined by dots. */
  readonly callee: RegExp;
  /** What the file has to say besides, where others have callees of that name. */
  readonly file?: RegExp;
}

/** The first that fits decides. */
const callees: readonly RequestCallee[] = [
  { api: 'anthropicBatch', callee: /(?:^|\.)messages\.batches\.(?:create|new)$/ },
  { api: 'geminiBatch', callee: /(?:^|\.)batches\.create(?:_embeddings)?$/, file: /\bgenai\b|@google\/genai/ },
  { api: 'openaiBatch', callee: /(?:^|\.)batches\.(?:create|new)$|(?:^|\.)create_batch$/, file: /openai/i },
  {
    api: 'openaiChat',
    callee:
      /(?:^|\.)chat\.completions?\.(?:create|parse|stream|new|new_streaming|create_streaming)$|(?:^|\.)create_chat_completion(?:_stream)?$|(?:^|\.)complete_chat(?:_async|_streaming|_streaming_async)?$/,
  },
  { api: 'openaiChat', callee: /(?:^|\.)chat\.create(?:_streamed)?$|client\.chat$/, file: /openai/i },
  { api: 'openaiResponses', callee: /(?:^|\.)responses\.(?:create|parse|stream|new)$/, file: /openai/i },
  {
    api: 'anthropicMessages',
    callee: /(?<!threads\.)\bmessages\.(?:create|stream|new|new_streaming)$/,
    file: /anthropic|claude/i,
  },
  { api: 'gemini', callee: /(?:^|\.)generate_content(?:_async|_stream)?$/, file: /genai|gemini|generative|vertex/i },
  {
    api: 'aiSdk',
    callee: /^(?:generate|stream)_(?:text|object)$/,
    file: /from\s+['"]ai['"]|require\(\s*['"]ai['"]\s*\)/,
  },
  { api: 'litellm', callee: /^(?:litellm\.)?a?completion$/, file: /litellm/ },
];

/** Where the last name of such a callee may stand; cheap enough to run over a file that speaks of LLMs. */
export const calleeSearch =
  /\b(?:create|Create|create_?[cC]hat_?[cC]ompletion\w*|CreateChatCompletion\w*|createStreamed|createStreaming|create_?[bB]atch|CreateBatch|parse|stream|new|New|NewStreaming|[cC]omplete_?[cC]hat\w*|chat|generate_?[cC]ontent\w*|GenerateContent\w*|generateText|streamText|generateObject|streamObject|a?completion)\s*(?:<[^<>()]{0,80}>)?\s*\(/g;

/** What a call asks for; undefined where it asks no model. */
export function apiOf(callee: string, source: string): ModelApi | undefined {
  return callees.find((each) => each.callee.test(callee) && (each.file?.test(source) ?? true))?.api;
}
