import { isJsonObject, type JsonObject, type JsonValue, objectAt, stringAt } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { jsonSchemaOf } from './picoschema.ts';
import { type Refusal, refused } from './promptFile.ts';
import { schemaOfOutputs } from './promptyOutputs.ts';

export interface RequestSettings {
  readonly kind: 'settings';
  readonly model: string | undefined;
  readonly system: string | undefined;
  readonly parameters: JsonObject;
  readonly maxOutputTokens: number | undefined;
  readonly wantsJson: boolean;
  readonly ignored: readonly string[];
}

interface SettingRule {
  readonly field: string;
  readonly expected: string;
  readonly accepts: (value: JsonValue) => boolean;
}

const isNumberIn = (low: number, high: number) => (value: JsonValue) =>
  typeof value === 'number' && value >= low && value <= high;
const isText = (value: JsonValue): boolean => typeof value === 'string';
const isStop = (value: JsonValue): boolean =>
  isText(value) || (Array.isArray(value) && value.length <= 4 && value.every(isText));

/** Ranges of OpenAI's chat completions reference (openai-node 7.57 `ChatCompletionCreateParams`). */
const temperature = { field: 'temperature', expected: 'a number from 0 to 2', accepts: isNumberIn(0, 2) };
const topP = { field: 'top_p', expected: 'a number from 0 to 1', accepts: isNumberIn(0, 1) };
const stop = { field: 'stop', expected: 'a text or a list of up to four', accepts: isStop };
const presence = { field: 'presence_penalty', expected: 'a number from -2 to 2', accepts: isNumberIn(-2, 2) };
const frequency = { field: 'frequency_penalty', expected: 'a number from -2 to 2', accepts: isNumberIn(-2, 2) };
const effort = { field: 'reasoning_effort', expected: 'a text such as low', accepts: isText };
const seed = { field: 'seed', expected: 'a whole number', accepts: Number.isSafeInteger };

/** Spellings of the prompt file formats, to the field of the request. */
const rules: ReadonlyMap<string, SettingRule> = new Map([
  ['temperature', temperature],
  ['topp', topP],
  ['seed', seed],
  ['stop', stop],
  ['stopsequences', stop],
  ['presencepenalty', presence],
  ['frequencypenalty', frequency],
  ['reasoningeffort', effort],
]);

const maxTokensKeys = new Set(['maxtokens', 'maxoutputtokens', 'maxcompletiontokens']);

/** Top-level keys that would change what is asked, were they obeyed; others (title, tags …) only describe the file. */
const toldWhenIgnored = new Set(['tools', 'agent', 'mode', 'n', 'topk', 'functions', 'toolchoice']);

/** Where formats keep their settings: dotprompt `config`, prompty `model.parameters` and `model.options`. */
function settingGroups(fields: JsonObject): readonly JsonObject[] {
  const model = objectAt(fields, 'model');
  const groups = [
    objectAt(fields, 'config'),
    objectAt(fields, 'parameters'),
    objectAt(model, 'parameters'),
    objectAt(model, 'options'),
  ];
  return groups.filter((group) => group !== undefined);
}

/** Reads what the front matter of any of the formats says about the request. */
export function readRequestSettings(fields: JsonObject): RequestSettings | Refusal {
  const parameters: Record<string, JsonValue> = {};
  const ignored: string[] = [];
  let maxOutputTokens: number | undefined;
  const read = (group: JsonObject, isTopLevel: boolean): Refusal | undefined => {
    for (const [key, value] of Object.entries(group)) {
      if (value === undefined || value === null) continue;
      const plain = key.toLowerCase().replaceAll(/[_-]/g, '');
      const rule = rules.get(plain);
      if (maxTokensKeys.has(plain)) {
        if (!Number.isSafeInteger(value) || Number(value) < 1)
          return refused(refusals.setting(key, 'a whole number above 0'));
        maxOutputTokens = Number(value);
      } else if (rule !== undefined) {
        if (!rule.accepts(value)) return refused(refusals.setting(key, rule.expected));
        parameters[rule.field] = value;
      } else if (isTopLevel ? toldWhenIgnored.has(plain) : plain !== 'responseformat') ignored.push(key);
    }
    return undefined;
  };
  for (const group of settingGroups(fields)) {
    const refusal = read(group, false);
    if (refusal !== undefined) return refusal;
  }
  const refusal = read(fields, true);
  if (refusal !== undefined) return refusal;
  const format = responseFormat(fields);
  if (format?.kind === 'refused') return format;
  if (format !== undefined) parameters.response_format = format.value;
  const model = modelOf(fields);
  if (model.kind === 'refused') return model;
  const system = fields.system ?? undefined;
  if (system !== undefined && typeof system !== 'string') return refused(refusals.setting('system', 'a text'));
  return {
    kind: 'settings',
    model: model.name,
    system,
    parameters,
    maxOutputTokens,
    wantsJson: format !== undefined && format.value.type !== 'text',
    ignored,
  };
}

/** `model: id`, prompty v2 `model: {id}`, prompty 1 `model: {configuration: {azure_deployment | model | name}}`. */
function modelOf(fields: JsonObject): { readonly kind: 'model'; readonly name: string | undefined } | Refusal {
  const { model } = fields;
  if (model === undefined || model === null) return { kind: 'model', name: undefined };
  if (typeof model === 'string') return { kind: 'model', name: named(model) };
  if (!isJsonObject(model)) return refused(refusals.setting('model', 'a model id or an alias'));
  const api = stringAt(model, 'api') ?? stringAt(model, 'apiType');
  if (api !== undefined && api !== 'chat') return refused(refusals.completionApi(api));
  const configuration = objectAt(model, 'configuration');
  const name =
    stringAt(model, 'id') ??
    stringAt(configuration, 'azure_deployment') ??
    stringAt(configuration, 'model') ??
    stringAt(configuration, 'name');
  return { kind: 'model', name: name === undefined ? undefined : named(name) };
}

/** Claude Code's agents say `inherit`: whatever the session runs. */
function named(model: string): string | undefined {
  const name = model.trim();
  return name === '' || name === 'inherit' ? undefined : name;
}

type Format = { readonly kind: 'format'; readonly value: JsonObject } | Refusal;

function responseFormat(fields: JsonObject): Format | undefined {
  const groups = [fields, ...settingGroups(fields)];
  const given = groups.map((group) => group.response_format ?? group.responseFormat).find((value) => value != null);
  const expected = 'text, json_object, or {type: json_schema, json_schema: …}';
  if (typeof given === 'string' || isJsonObject(given)) {
    const value = isJsonObject(given) ? given : { type: given };
    const type = stringAt(value, 'type');
    const valid = type === 'text' || type === 'json_object' || (type === 'json_schema' && objectAt(value, type));
    return valid ? { kind: 'format', value } : refused(refusals.setting('response_format', expected));
  }
  if (given !== undefined) return refused(refusals.setting('response_format', expected));
  return schemaFormat(fields);
}

/** Dotprompt's `output` and prompty's `outputs`: a schema for the answer, else JSON of any shape. */
function schemaFormat(fields: JsonObject): Format | undefined {
  const output = objectAt(fields, 'output');
  const { schema } = output ?? {};
  const outputs = fields.outputs ?? fields.outputSchema;
  if (schema !== undefined && schema !== null) return schemaOr('output.schema', jsonSchemaOf(schema));
  if (outputs !== undefined && outputs !== null && !isEmpty(outputs))
    return schemaOr(fields.outputs === undefined ? 'outputSchema' : 'outputs', schemaOfOutputs(outputs));
  return stringAt(output, 'format') === 'json' ? { kind: 'format', value: { type: 'json_object' } } : undefined;
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function schemaOr(key: string, schema: JsonObject | undefined): Format {
  if (schema === undefined) return refused(refusals.outputSchema(key));
  // The providers' structured answers are objects; a bare text or number is asked for in words.
  if (schema.type !== 'object') return { kind: 'format', value: { type: 'text' } };
  return { kind: 'format', value: { type: 'json_schema', json_schema: { name: 'answer', schema } } };
}

/** Values for `{{variables}}`: `variables:`, dotprompt's `input.default`, prompty's `inputs` and `sample`. */
export function templateValues(fields: JsonObject): JsonObject {
  const input = objectAt(fields, 'input');
  const isDotprompt = input !== undefined && ('schema' in input || 'default' in input);
  return {
    ...objectAt(fields, 'sample'),
    ...declaredDefaults(fields.inputs),
    ...(isDotprompt ? objectAt(input, 'default') : input),
    ...objectAt(fields, 'variables'),
  };
}

/** `inputs: {name: value}`, `{name: {default, sample}}`, or a list of `{name, default}`. */
function declaredDefaults(inputs: JsonValue | undefined): JsonObject {
  const entries: (readonly [string, JsonValue | undefined])[] = Array.isArray(inputs)
    ? inputs.filter(isJsonObject).map((input) => [stringAt(input, 'name') ?? '', input])
    : Object.entries(isJsonObject(inputs) ? inputs : {});
  const values: Record<string, JsonValue> = {};
  for (const [name, declared] of entries) {
    const value = isJsonObject(declared) ? (declared.default ?? declared.sample ?? declared.example) : declared;
    if (value !== undefined && value !== null) values[name] = value;
  }
  return values;
}
