import { isJsonObject, type JsonObject, type JsonValue, objectAt, parseJson, stringAt } from '../wire/json.ts';
import type { BatchDisk } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { decodeText, parsePromptTemplate, promptFormatOf } from './parsePromptFile.ts';
import { parseYaml } from './parseYaml.ts';
import { type Refusal, refused } from './promptFile.ts';
import { type PromptfooFiles, promptfooFiles, refuseUnknown } from './promptfooFiles.ts';
import { listed, readTests, refuseTest } from './promptfooTests.ts';
import type { RolePart } from './promptRoles.ts';
import type { TemplateUse } from './readPrompts.ts';
import { type RequestSettings, readRequestSettings } from './requestSettings.ts';

/** Fields that say how a run is named, shown, stored or judged. */
const inert = [
  '$schema',
  'description',
  'tags',
  'metadata',
  'outputPath',
  'sharing',
  'derivedMetrics',
  'commandLineOptions',
  'writeLatestResults',
  'tracing',
];
const read = ['prompts', 'providers', 'targets', 'tests', 'scenarios', 'defaultTest', 'evaluateOptions'];
/** How fast promptfoo would have called. */
const inertOptions = ['maxConcurrency', 'delay', 'showProgressBar', 'cache', 'timeoutMs', 'maxEvalTimeMs'];

/**
 * Reads a promptfoo configuration: every prompt for every provider with the variables of every test and scenario.
 * Assertions are not run: a batch brings answers, promptfoo judges them. What changes a request in ways we do not know is
 * refused by name, never left out.
 */
export async function readPromptfoo(path: string, disk: BatchDisk): Promise<readonly TemplateUse[] | Refusal> {
  const parsed = parseYaml(decodeText(await disk.read(path)) ?? '');
  if (parsed.kind === 'notYaml') return refused(refusals.yaml(parsed.detail));
  const fields = isJsonObject(parsed.value) ? parsed.value : {};
  const providers = listed(fields.providers ?? fields.targets);
  if (listed(fields.prompts).length === 0 || providers.length === 0) return refused(refusals.notPromptfoo());
  const unknown =
    refuseUnknown(fields, [...inert, ...read], 'of the configuration') ??
    refuseUnknown(objectAt(fields, 'evaluateOptions') ?? {}, inertOptions, 'in `evaluateOptions`');
  if (unknown !== undefined) return unknown;
  const files = promptfooFiles(path, disk);
  const values = await defaultVars(fields.defaultTest, files);
  if (values.kind === 'refused') return values;
  const tests = await readTests(fields, files);
  if (tests?.kind === 'refused') return tests;
  const rows = { kind: 'list', rows: tests?.rows ?? [{}] } as const;
  const prompts = await promptsOf(listed(fields.prompts), files);
  if ('kind' in prompts) return prompts;
  const uses: TemplateUse[] = [];
  for (const [place, parts] of prompts.entries())
    for (const provider of providers) {
      const target = providerOf(provider);
      if (target.kind === 'refused') return target;
      const { settings, model } = target;
      const template = {
        kind: 'template',
        settings,
        parts,
        syntax: 'jinja',
        isEditors: false,
        values: values.vars,
        rows,
      } as const;
      uses.push({ template, model, idPrefix: `p${place + 1}-${model}-` });
    }
  return uses;
}

async function defaultVars(
  given: JsonValue | undefined,
  files: PromptfooFiles,
): Promise<{ readonly kind: 'defaults'; readonly vars: JsonObject } | Refusal> {
  const loaded = typeof given === 'string' ? await files.value(given) : { kind: 'value' as const, value: given ?? {} };
  if (loaded.kind === 'refused') return loaded;
  const { value: test } = loaded;
  if (!isJsonObject(test)) return refused(refusals.promptfoo('a `defaultTest` that is no map'));
  const wrong = refuseTest(test, 'of `defaultTest`');
  if (wrong !== undefined) return wrong;
  const vars: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(objectAt(test, 'vars') ?? {})) {
    const filled = typeof value === 'string' && value.startsWith('file://') ? await files.value(value) : undefined;
    if (filled?.kind === 'refused') return filled;
    // A list makes a request for each of its values, and they would have to meet those of every test.
    if (Array.isArray(value)) return refused(refusals.promptfoo(`the list \`${name}\` in \`defaultTest\``));
    if (value !== undefined) vars[name] = filled === undefined ? value : filled.value;
  }
  return { kind: 'defaults', vars };
}

type Prompts = readonly (readonly RolePart[])[];

async function promptsOf(given: readonly JsonValue[], files: PromptfooFiles): Promise<Prompts | Refusal> {
  const prompts: (readonly RolePart[])[] = [];
  for (const prompt of given) {
    const parts = await partsOf(prompt, files);
    if ('kind' in parts) return parts;
    prompts.push(...parts);
  }
  return prompts;
}

/** A name of a file without `file://` is taken for one by promptfoo too. */
const fileName = /^(?:file:\/\/\S.*|[\w./*-]+\.(?:txt|md|json|ya?ml|csv|j2|prompty?|m?js|cjs|ts|py))$/i;

/** A text, a chat as JSON, `file://…`, or `{raw}`; a text file may hold several, between lines of `---`. */
async function partsOf(prompt: JsonValue, files: PromptfooFiles): Promise<Prompts | Refusal> {
  if (isJsonObject(prompt)) {
    const unknown = refuseUnknown(prompt, ['id', 'raw', 'label', 'display'], 'of a prompt');
    if (unknown !== undefined) return unknown;
  }
  const text = isJsonObject(prompt) ? (stringAt(prompt, 'raw') ?? stringAt(prompt, 'id')) : prompt;
  if (typeof text !== 'string') return refused(refusals.promptfoo('a prompt that is no text'));
  if (!fileName.test(text)) return each([text]);
  const content = await files.text(text);
  if (typeof content !== 'string') return content;
  const format = promptFormatOf(text);
  if (format.kind === 'format' && (format.format === 'dotprompt' || format.format === 'prompty')) {
    const template = parsePromptTemplate(new TextEncoder().encode(content), format.format);
    return template.kind === 'refused' ? template : [template.parts];
  }
  return each(/\.txt$/i.test(text) ? content.split(/^---\s*$/m).filter((one) => one.trim() !== '') : [content]);
}

function each(texts: readonly string[]): Prompts | Refusal {
  const prompts: (readonly RolePart[])[] = [];
  for (const text of texts) {
    const parts = chatParts(text);
    if ('kind' in parts) return parts;
    prompts.push(parts);
  }
  return prompts;
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
/** Keys are ours to find; prices are the catalogue's. */
const inertConfig = new Set(['apikey', 'apikeyenvar', 'cost', 'inputcost', 'outputcost', 'maxretries', 'showthinking']);

function providerOf(
  provider: JsonValue,
): { readonly kind: 'provider'; readonly model: string; readonly settings: RequestSettings } | Refusal {
  const id = isJsonObject(provider) ? stringAt(provider, 'id') : provider;
  if (typeof id !== 'string') return refused(refusals.promptfoo('a provider without an id'));
  if (isJsonObject(provider)) {
    const unknown = refuseUnknown(provider, ['id', 'label', 'config', 'delay', 'transform'], 'of a provider');
    if (unknown !== undefined) return unknown;
  }
  const [vendor = '', ...rest] = id.split(':');
  const name = (rest.length > 1 && chatKinds.has(rest[0] ?? '') ? rest.slice(1) : rest).join(':');
  if (name === '' || vendor === 'file' || vendor === 'exec' || vendor === 'http' || vendor === 'https')
    return refused(refusals.promptfooProvider(id));
  const config = isJsonObject(provider) ? objectAt(provider, 'config') : undefined;
  const settings = readRequestSettings({ config: config ?? {}, response_format: config?.response_format });
  if (settings.kind === 'refused') return settings;
  const lost = settings.ignored.find((key) => !inertConfig.has(key.toLowerCase().replaceAll('_', '')));
  if (lost !== undefined) return refused(refusals.promptfoo(`\`${lost}\` in the \`config\` of ${id}`));
  return {
    kind: 'provider',
    model: `${providerNames[vendor] ?? vendor}/${name}`,
    settings: { ...settings, ignored: [] },
  };
}
