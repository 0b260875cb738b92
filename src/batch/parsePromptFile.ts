import { refusals } from './errors.ts';
import { createHeaderReader, type ReadHeader, splitFrontMatter } from './frontMatter.ts';
import { parsePromptYml } from './parsePromptYml.ts';
import { type ParsedPrompt, type PromptFormat, type Refusal, refused, type TemplateFormat } from './promptFile.ts';
import { type RolePart, splitDotpromptRoles, splitPromptyRoles, splitSystemTag } from './promptRoles.ts';
import { fillPrompt, type PromptTemplate } from './promptTemplate.ts';
import { readRequestSettings, templateValues } from './requestSettings.ts';
import { rowSourceOf } from './rowSource.ts';

/** Above any model's context; protects the process from a log file called `.txt`. */
export const maxPromptFileBytes = 8_000_000;

const resultName = /\.results?(?:\.\d+)?\.(?:md|json|jsonl)$/i;

const formats: readonly (readonly [ending: string, format: PromptFormat])[] = [
  ['.prompt.md', 'promptMd'],
  ['.prompt.yml', 'promptYml'],
  ['.prompt.yaml', 'promptYml'],
  ['.prompt', 'dotprompt'],
  ['.prompty', 'prompty'],
  ['.md', 'plain'],
  ['.txt', 'plain'],
  ['.jsonl', 'rows'],
  ['.json', 'messageSet'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
];

/** Decides by the file's name alone. */
export function promptFormatOf(fileName: string): { readonly kind: 'format'; readonly format: PromptFormat } | Refusal {
  const name = fileName.toLowerCase();
  if (resultName.test(name)) return refused(refusals.isResult());
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
 * Reads one prompt file. Never throws: what cannot be sent comes back with its reason.
 * @param format as `promptFormatOf` says
 */
export function parsePromptTemplate(
  bytes: Uint8Array,
  format: TemplateFormat,
  readHeader: ReadHeader = createHeaderReader(),
): PromptTemplate | Refusal {
  if (bytes.length > maxPromptFileBytes) return refused(refusals.tooLarge(bytes.length, maxPromptFileBytes));
  const text = decodeText(bytes);
  if (text === undefined) return refused(refusals.binary());
  if (format === 'promptYml') return parsePromptYml(text);
  const header = splitFrontMatter(text, format === 'dotprompt', readHeader);
  if (header.kind === 'refused') return header;
  const settings = readRequestSettings(header.fields);
  if (settings.kind === 'refused') return settings;
  const rows = rowSourceOf(header.fields);
  if (rows?.kind === 'refused') return rows;
  const system = settings.system === undefined ? [] : [{ role: 'system', content: settings.system }];
  const body = rolesOf(header.body, format);
  if (body.every(({ content }) => content.trim() === '')) return refused(refusals.empty());
  return {
    kind: 'template',
    settings,
    parts: [...system, ...body],
    syntax: format === 'dotprompt' ? 'handlebars' : format === 'prompty' ? 'jinja' : 'plain',
    isEditors: format === 'promptMd',
    values: templateValues(header.fields),
    rows,
  };
}

/** As `parsePromptTemplate`, with the file's own values filled in. */
export function parsePromptFile(bytes: Uint8Array, format: TemplateFormat): ParsedPrompt {
  const template = parsePromptTemplate(bytes, format);
  return template.kind === 'refused' ? template : fillPrompt(template, {});
}

function rolesOf(body: string, format: TemplateFormat): RolePart[] {
  if (format === 'prompty') return splitPromptyRoles(body);
  if (format !== 'dotprompt') return [{ role: 'user', content: body }];
  return /\{\{\s*role\s/.test(body) ? splitDotpromptRoles(body) : splitSystemTag(body);
}
