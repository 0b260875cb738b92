import { type JsonObject, objectAt, stringAt } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { fillTemplate, findEditorVariable, type TemplateSyntax } from './fillTemplate.ts';
import { type ChatMessage, type ParsedPrompt, type Refusal, refused } from './promptFile.ts';
import { chatRoleOf, type RolePart } from './promptRoles.ts';
import type { RequestSettings } from './requestSettings.ts';
import type { RowSource } from './rowSource.ts';

/** A prompt file before values are filled in. */
export interface PromptTemplate {
  readonly kind: 'template';
  readonly settings: RequestSettings;
  readonly parts: readonly RolePart[];
  readonly syntax: TemplateSyntax;
  /** It may have variables that an editor fills in. */
  readonly isEditors: boolean;
  /** The file's own values. */
  readonly values: JsonObject;
  /** Values for many requests; undefined = the file is one request. */
  readonly rows: RowSource | undefined;
}

/** The request of a prompt with these values over its own. */
export function fillPrompt(template: PromptTemplate, values: JsonObject): ParsedPrompt {
  const chat = toMessages(template, { ...template.values, ...values });
  if (chat.kind === 'refused') return chat;
  const { model, parameters, maxOutputTokens, wantsJson, ignored } = template.settings;
  if (lacksJsonWord(parameters, chat.messages)) return refused(refusals.noJsonWord());
  return {
    kind: 'prompt',
    request: { model, messages: chat.messages, parameters, maxOutputTokens, wantsJson, ignored },
  };
}

function toMessages(
  { parts, syntax, isEditors }: PromptTemplate,
  values: JsonObject,
): { readonly kind: 'messages'; readonly messages: readonly ChatMessage[] } | Refusal {
  const messages: ChatMessage[] = [];
  for (const part of parts) {
    const role = chatRoleOf(part.role);
    if (role === undefined) return refused(refusals.unknownRole(part.role));
    const editorVariable = isEditors ? findEditorVariable(part.content) : undefined;
    if (editorVariable !== undefined) return refused(refusals.editorVariable(editorVariable));
    const content = fillTemplate(part.content, values, syntax);
    if (content.kind === 'refused') return content;
    const text = content.text.trim();
    if (text !== '') messages.push({ role, content: text });
  }
  return messages.length === 0 ? refused(refusals.empty()) : { kind: 'messages', messages };
}

/** OpenAI's reference: with `json_object` the word has to appear in the messages, or the request is refused. */
function lacksJsonWord(parameters: JsonObject, messages: readonly ChatMessage[]): boolean {
  const asked = stringAt(objectAt(parameters, 'response_format'), 'type') === 'json_object';
  return asked && !messages.some(({ content }) => /json/i.test(content));
}
