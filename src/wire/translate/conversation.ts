import type { JsonObject } from '../json.ts';

/** What a request says, whichever dialect it is written in. `path` is where it stands in the client's body. */
export interface Conversation {
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** False: at most one tool call per answer. */
  readonly parallelTools?: boolean;
  readonly format?: OutputFormat;
  readonly maxOutputTokens?: number;
  readonly stop?: readonly string[];
  readonly temperature?: number;
  readonly topP?: number;
  readonly effort?: { readonly level: Effort; readonly path: string };
  readonly user?: string;
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

export type Turn =
  | { readonly role: 'system'; readonly path: string; readonly texts: readonly string[] }
  | { readonly role: 'user'; readonly path: string; readonly parts: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly path: string; readonly parts: readonly AssistantPart[] }
  | {
      readonly role: 'tool';
      readonly path: string;
      readonly callId: string;
      readonly parts: readonly UserPart[];
      readonly isError?: boolean;
    };

export type UserPart = TextPart | ImagePart | DocumentPart;
export type AssistantPart = TextPart | ThinkingPart | ToolCallPart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

export interface ImagePart {
  readonly kind: 'image';
  readonly path: string;
  readonly source: Base64 | Url;
}

export interface DocumentPart {
  readonly kind: 'document';
  readonly path: string;
  readonly name?: string;
  readonly source: Base64 | Url;
}

export interface Base64 {
  readonly kind: 'base64';
  readonly mediaType: string;
  readonly data: string;
}

export interface Url {
  readonly kind: 'url';
  readonly url: string;
}

/** Reasoning of an earlier answer. Only a signed one may be sent back to the provider that made it. */
export interface ThinkingPart {
  readonly kind: 'thinking';
  readonly text: string;
  readonly signature?: string;
  /** Encrypted in place of `text`. */
  readonly redacted?: string;
}

export interface ToolCallPart {
  readonly kind: 'toolCall';
  readonly path: string;
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly schema?: JsonObject;
  readonly strict?: boolean;
}

export type ToolChoice = { readonly kind: 'auto' | 'none' | 'any' } | { readonly kind: 'tool'; readonly name: string };

export interface OutputFormat {
  readonly schema: JsonObject;
  readonly path: string;
  readonly name?: string;
  readonly description?: string;
}
