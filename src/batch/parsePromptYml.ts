import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt, parseJson, stringAt } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { parseYaml } from './parseYaml.ts';
import { type Refusal, refused } from './promptFile.ts';
import type { RolePart } from './promptRoles.ts';
import type { PromptTemplate } from './promptTemplate.ts';
import { readRequestSettings } from './requestSettings.ts';

/**
 * Reads GitHub Models' `.prompt.yml`: messages with `{{variables}}`, `modelParameters`, and `testData` as the values of
 * many requests. Its evaluators judge answers; a batch only brings them.
 */
export function parsePromptYml(text: string): PromptTemplate | Refusal {
  const parsed = parseYaml(text);
  if (parsed.kind === 'notYaml') return refused(refusals.yaml(parsed.detail));
  if (!isJsonObject(parsed.value)) return refused(refusals.notAPromptYml());
  const fields = parsed.value;
  const parts: RolePart[] = [];
  for (const message of arrayAt(fields, 'messages')) {
    const role = isJsonObject(message) ? stringAt(message, 'role') : undefined;
    const content = isJsonObject(message) ? stringAt(message, 'content') : undefined;
    if (role === undefined || content === undefined) return refused(refusals.notAPromptYml());
    parts.push({ role, content });
  }
  if (parts.length === 0) return refused(refusals.notAPromptYml());
  const settings = readRequestSettings({
    ...responseFormat(fields),
    model: fields.model,
    config: objectAt(fields, 'modelParameters'),
  });
  if (settings.kind === 'refused') return settings;
  const rows = arrayAt(fields, 'testData').filter(isJsonObject);
  return {
    kind: 'template',
    settings,
    parts,
    syntax: 'plain',
    isEditors: false,
    values: {},
    rows: rows.length === 0 ? undefined : { kind: 'list', rows },
  };
}

/** The schema is a JSON text of its own. */
function responseFormat(fields: JsonObject): { readonly response_format?: JsonValue } {
  const format = stringAt(fields, 'responseFormat');
  if (format === undefined) return {};
  const schema = parseJson(stringAt(fields, 'jsonSchema') ?? '');
  if (format !== 'json_schema' || !isJsonObject(schema)) return { response_format: format };
  return { response_format: { type: 'json_schema', json_schema: schema } };
}
