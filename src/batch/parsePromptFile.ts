import { type JsonObject, objectAt, stringAt } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { fillTemplate, findEditorVariable, type TemplateSyntax } from './fillTemplate.ts';
import { splitFrontMatter } from './frontMatter.ts';
import { type ChatMessage, type ParsedPrompt, type PromptFormat, type Refusal, refused } from './promptFile.ts';
import { chatRoleOf, type RolePart, splitDotpromptRoles, splitPromptyRoles, splitSystemTag } from './promptRoles.ts';
import { readRequestSettings, templateValues } from './requestSettings.ts';

/** Above any model's context; protects the process from a log file called `.txt`. */
export const maxPromptFileBytes = 8_000_000;

const resultName = /\.results?(?:\.\d+)?\.(?:md|json|jsonl)$/i;

const formats: readonly (readonly [ending: string, format: PromptFormat])[] = [
  ['.prompt.md', 'promptMd'],
  ['.prompt', 'dotprompt'],
  ['.prompty', 'prompty'],
  ['.md', 'plain'],
  ['.txt', 'plain'],
  ['.jsonl', 'rows'],
];

/** Decides by the file's name alone. */
export function promptFormatOf(fileName: string): { readonly kind: 'format'; readonly format: PromptFormat } | Refusal {
  const name = fileName.toLowerCase();
  if (resultName.test(name)) return refused(refusals.isResult());
  if (/\.ya?ml$/.test(name)) return refused(refusals.notYetYaml());
  const format = formats.find(([ending]) => name.endsWith(ending))?.[1];
  return format === undefined ? refused(refusals.notAPrompt(fileName)) : { kind: 'format', format };
}

/** Strict UTF-8 without a byte order mark; undefined = binary or another encoding. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * Reads one prompt file into the chat request it asks for. Never throws: what cannot be sent comes back with its reason.
 * @param format as `promptFormatOf` says; not `rows`
 */
export function parsePromptFile(bytes: Uint8Array, format: Exclude<PromptFormat, 'rows'>): ParsedPrompt {
  if (bytes.length > maxPromptFileBytes) return refused(refusals.tooLarge(bytes.length, maxPromptFileBytes));
  const text = decodeText(bytes);
  if (text === undefined) return refused(refusals.binary());
  const header = splitFrontMatter(text, format === 'dotprompt');
  if (header.kind === 'refused') return header;
  const settings = readRequestSettings(header.fields);
  if (settings.kind === 'refused') return settings;
  const system = settings.system === undefined ? [] : [{ role: 'system', content: settings.system }];
  const body = rolesOf(header.body, format);
  if (body.every(({ content }) => content.trim() === '')) return refused(refusals.empty());
  const chat = toMessages([...system, ...body], (content) => fill(content, header.fields, format));
  if (chat.kind === 'refused') return chat;
  if (lacksJsonWord(settings.parameters, chat.messages)) return refused(refusals.noJsonWord());
  const { model, parameters, maxOutputTokens, wantsJson, ignored } = settings;
  return {
    kind: 'prompt',
    request: { model, messages: chat.messages, parameters, maxOutputTokens, wantsJson, ignored },
  };
}

function rolesOf(body: string, format: PromptFormat): RolePart[] {
  if (format === 'prompty') return splitPromptyRoles(body);
  if (format !== 'dotprompt') return [{ role: 'user', content: body }];
  return /\{\{\s*role\s/.test(body) ? splitDotpromptRoles(body) : splitSystemTag(body);
}

function fill(content: string, fields: JsonObject, format: PromptFormat): ReturnType<typeof fillTemplate> {
  const editorVariable = format === 'promptMd' ? findEditorVariable(content) : undefined;
  if (editorVariable !== undefined) return refused(refusals.editorVariable(editorVariable));
  const syntax: TemplateSyntax = format === 'dotprompt' ? 'handlebars' : format === 'prompty' ? 'jinja' : 'plain';
  return fillTemplate(content, templateValues(fields), syntax);
}

function toMessages(
  parts: readonly RolePart[],
  filled: (content: string) => ReturnType<typeof fillTemplate>,
): { readonly kind: 'messages'; readonly messages: readonly ChatMessage[] } | Refusal {
  const messages: ChatMessage[] = [];
  for (const part of parts) {
    const role = chatRoleOf(part.role);
    if (role === undefined) return refused(refusals.unknownRole(part.role));
    const content = filled(part.content);
    if (content.kind === 'refused') return content;
    const text = content.text.trim();
    if (text !== '') messages.push({ role, content: text });
  }
  return { kind: 'messages', messages };
}

/** OpenAI's reference: with `json_object` the word has to appear in the messages, or the request is refused. */
function lacksJsonWord(parameters: JsonObject, messages: readonly ChatMessage[]): boolean {
  const asked = stringAt(objectAt(parameters, 'response_format'), 'type') === 'json_object';
  return asked && !messages.some(({ content }) => /json/i.test(content));
}
