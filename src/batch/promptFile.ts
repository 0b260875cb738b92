import type { JsonObject } from '../wire/json.ts';

export type ChatRole = 'system' | 'developer' | 'user' | 'assistant';

export interface ChatMessage {
  readonly role: ChatRole;
  readonly content: string;
}

/** What a prompt file asks for, before its model is looked up. */
export interface PromptRequest {
  /** As written: a model id or an alias. Undefined = the file names none. */
  readonly model: string | undefined;
  readonly messages: readonly ChatMessage[];
  /** Fields of a chat completions body (`temperature`, `stop`, `response_format` …). */
  readonly parameters: JsonObject;
  readonly maxOutputTokens: number | undefined;
  /** A JSON answer was asked for: the result is a `.json` file. */
  readonly wantsJson: boolean;
  /** Settings that have no counterpart in a chat completions body. */
  readonly ignored: readonly string[];
}

/** Why a file cannot be sent. `reason` is for the user. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
}

export type ParsedPrompt = { readonly kind: 'prompt'; readonly request: PromptRequest } | Refusal;

/**
 * How a file's text is read. `rows`: a batch `.jsonl`, one request per line; `messageSet`: Anthropic's `{"requests": […]}`;
 * `promptYml`: GitHub Models' `.prompt.yml`; `yaml`: promptfoo's configuration, or none of ours.
 */
export type PromptFormat =
  | 'plain'
  | 'promptMd'
  | 'dotprompt'
  | 'prompty'
  | 'promptYml'
  | 'yaml'
  | 'rows'
  | 'messageSet';

/** Formats of a single prompt. */
export type TemplateFormat = Exclude<PromptFormat, 'rows' | 'messageSet' | 'yaml'>;

export function refused(reason: string): Refusal {
  return { kind: 'refused', reason };
}
