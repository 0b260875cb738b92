import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, objectAt, parseJson, stringAt } from '../wire/json.ts';
import type { BatchDisk } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { decodeText, parsePromptTemplate, promptFormatOf } from './parsePromptFile.ts';
import { parseYaml } from './parseYaml.ts';
import { type Refusal, refused } from './promptFile.ts';
import type { RolePart } from './promptRoles.ts';
import type { TemplateUse } from './readPrompts.ts';
import { type RequestSettings, readRequestSettings } from './requestSettings.ts';
import type { RowSource } from './rowSource.ts';

/**
 * Reads a promptfoo configuration: every prompt for every provider with the variables of every test. Assertions are not
 * run: a batch brings answers, promptfoo judges them. What changes a prompt in ways we do not know is refused by name.
 */
export async function readPromptfoo(path: string, disk: BatchDisk): Promise<readonly TemplateUse[] | Refusal> {
  const parsed = parseYaml(decodeText(await disk.read(path)) ?? '');
  if (parsed.kind === 'notYaml') return refused(refusals.yaml(parsed.detail));
  const fields = isJsonObject(parsed.value) ? parsed.value : {};
  const prompts = listed(fields.prompts);
  const providers = listed(fields.providers ?? fields.targets);
  if (prompts.length === 0 || providers.length === 0) return refused(refusals.notPromptfoo());
  if (fields.scenarios !== undefined) return refused(refusals.promptfoo('`scenarios`'));
  const rows = rowsOf(fields);
  if (rows?.kind === 'refused') return rows;
  const uses: TemplateUse[] = [];
  for (const [place, prompt] of prompts.entries()) {
    const parts = await partsOf(prompt, path, disk);
    if ('kind' in parts) return parts;
    for (const provider of providers) {
      const target = providerOf(provider);
      if (target.kind === 'refused') return target;
      const idPrefix = `p${place + 1}-${target.model}-`;
      const template = {
        kind: 'template',
        settings: target.settings,
        parts,
        syntax: 'jinja',
        isEditors: false,
        values: objectAt(objectAt(fields, 'defaultTest'), 'vars') ?? {},
        rows: rows ?? { kind: 'list', rows: [{}] },
      } as const;
      uses.push({ template, model: target.model, idPrefix });
    }
  }
  return uses;
}

function listed(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Tests without variables are one request each only where they differ; none is one request. */
function rowsOf(fields: JsonObject): RowSource | Refusal | undefined {
  const { tests } = fields;
  if (typeof tests === 'string') return { kind: 'file', path: tests.replace(/^file:\/\//, '') };
  const rows: JsonObject[] = [];
  for (const test of listed(tests)) {
    if (!isJsonObject(test)) return refused(refusals.promptfoo('a test that is no map'));
    const vars = test.vars ?? {};
    if (!isJsonObject(vars)) return refused(refusals.promptfoo('`vars` from a file'));
    const outside = Object.values(vars).find((value) => typeof value === 'string' && value.startsWith('file://'));
    if (outside !== undefined) return refused(refusals.promptfoo(`the variable ${String(outside)}`));
    rows.push(...combinations(vars));
  }
  return rows.length === 0 ? undefined : { kind: 'list', rows };
}

/** A list of values makes a test for each of them. */
function combinations(vars: JsonObject): JsonObject[] {
  let rows: JsonObject[] = [{}];
  for (const [name, value] of Object.entries(vars)) {
    if (value === undefined) continue;
    const values: readonly JsonValue[] = Array.isArray(value) ? value : [value];
    rows = rows.flatMap((row) => values.map((one) => ({ ...row, [name]: one })));
  }
  return rows;
}

/** A text, a chat as JSON, `file://…`, or `{raw}`. */
async function partsOf(prompt: JsonValue, path: string, disk: BatchDisk): Promise<readonly RolePart[] | Refusal> {
  const text = isJsonObject(prompt) ? (stringAt(prompt, 'raw') ?? stringAt(prompt, 'id')) : prompt;
  if (typeof text !== 'string') return refused(refusals.promptfoo('a prompt that is no text'));
  if (!text.startsWith('file://')) return chatParts(text);
  const name = text.slice('file://'.length);
  const file = join(dirname(path), name);
  if ((await disk.facts(file))?.kind !== 'file') return refused(refusals.promptfoo(`the prompt ${name}`));
  const format = promptFormatOf(name);
  if (format.kind === 'format' && (format.format === 'plain' || format.format === 'promptMd'))
    return chatParts(decodeText(await disk.read(file)) ?? '');
  if (format.kind === 'format' && (format.format === 'dotprompt' || format.format === 'prompty')) {
    const template = parsePromptTemplate(await disk.read(file), format.format);
    return template.kind === 'refused' ? template : template.parts;
  }
  return /\.(?:json|ya?ml)$/i.test(name)
    ? chatParts(decodeText(await disk.read(file)) ?? '')
    : refused(refusals.promptfoo(`the prompt ${name}`));
}

function chatParts(text: string): readonly RolePart[] | Refusal {
  const whole = /^\s*(?:\[|- )/.test(text) ? (parseJson(text) ?? yamlOf(text)) : undefined;
  if (!Array.isArray(whole)) return [{ role: 'user', content: text }];
  const parts: RolePart[] = [];
  for (const message of whole) {
    const role = isJsonObject(message) ? stringAt(message, 'role') : undefined;
    const content = isJsonObject(message) ? stringAt(message, 'content') : undefined;
    if (role === undefined || content === undefined)
      return refused(refusals.promptfoo('a chat whose content is no text'));
    parts.push({ role, content });
  }
  return parts;
}

function yamlOf(text: string): JsonValue | undefined {
  const parsed = parseYaml(text);
  return parsed.kind === 'value' ? parsed.value : undefined;
}

/** promptfoo's names of providers that are other ones than their vendors'. */
const providerNames: Readonly<Record<string, string>> = {
  azureopenai: 'azure',
  vertex: 'google',
  together: 'togetherai',
};
const chatKinds = new Set(['chat', 'messages', 'responses']);

function providerOf(
  provider: JsonValue,
): { readonly kind: 'provider'; readonly model: string; readonly settings: RequestSettings } | Refusal {
  const id = isJsonObject(provider) ? stringAt(provider, 'id') : provider;
  if (typeof id !== 'string') return refused(refusals.promptfoo('a provider without an id'));
  const [vendor = '', ...rest] = id.split(':');
  const name = (rest.length > 1 && chatKinds.has(rest[0] ?? '') ? rest.slice(1) : rest).join(':');
  if (name === '' || vendor === 'file' || vendor === 'exec' || vendor === 'http' || vendor === 'https')
    return refused(refusals.promptfooProvider(id));
  const config = isJsonObject(provider) ? objectAt(provider, 'config') : undefined;
  const settings = readRequestSettings({ config: config ?? {}, response_format: config?.response_format });
  if (settings.kind === 'refused') return settings;
  return { kind: 'provider', model: `${providerNames[vendor] ?? vendor}/${name}`, settings };
}
