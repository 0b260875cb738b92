import { isJsonObject, type JsonObject, type JsonValue, stringAt } from '../wire/json.ts';
import { jsonSchemaOf } from './picoschema.ts';

const kinds: Readonly<Record<string, string>> = { float: 'number', int: 'integer', bool: 'boolean', dict: 'object' };

/**
 * Prompty's `outputs` (`outputSchema` of v2) as JSON Schema: a list of `{name, kind | type, description, required, enum}`,
 * a map of such by name, or JSON Schema itself. Undefined = none of these.
 */
export function schemaOfOutputs(outputs: JsonValue): JsonObject | undefined {
  if (!Array.isArray(outputs) && !isJsonObject(outputs)) return undefined;
  if (isJsonObject(outputs)) {
    if (stringAt(outputs, 'type') === 'object' || isJsonObject(outputs.properties) === true)
      return Array.isArray(outputs.properties) ? schemaOfOutputs(outputs.properties) : jsonSchemaOf(outputs);
    if (Array.isArray(outputs.properties)) return schemaOfOutputs(outputs.properties);
  }
  const entries: (readonly [name: string | undefined, value: JsonValue | undefined])[] = Array.isArray(outputs)
    ? outputs.map((value: JsonValue) => [isJsonObject(value) ? stringAt(value, 'name') : undefined, value])
    : Object.entries(outputs);
  const properties: Record<string, JsonObject> = {};
  const required: string[] = [];
  for (const [name, value] of entries) {
    const property = value === undefined ? undefined : propertyOf(value);
    if (name === undefined || property === undefined) return undefined;
    properties[name] = property;
    if (!isJsonObject(value) || value.required !== false) required.push(name);
  }
  if (required.length + Object.keys(properties).length === 0) return undefined;
  return { type: 'object', properties, required, additionalProperties: false };
}

function propertyOf(value: JsonValue): JsonObject | undefined {
  if (typeof value === 'string') return typed(value, {});
  if (!isJsonObject(value)) return undefined;
  const told = { description: value.description, enum: value.enum ?? value.enumValues };
  const extra = Object.fromEntries(Object.entries(told).filter(([, one]) => one !== undefined));
  const type = stringAt(value, 'kind') ?? stringAt(value, 'type');
  if (type === undefined) return undefined;
  if (type === 'array') {
    const items = value.items === undefined ? {} : propertyOf(value.items);
    return items === undefined ? undefined : { type, items, ...extra };
  }
  if (type === 'object' && value.properties !== undefined) {
    const inner = schemaOfOutputs(value.properties);
    return inner === undefined ? undefined : { ...inner, ...extra };
  }
  return typed(type, extra);
}

function typed(type: string, extra: JsonObject): JsonObject | undefined {
  const schema = jsonSchemaOf(kinds[type] ?? type);
  if (type === 'object' || kinds[type] === 'object') return { type: 'object', ...extra };
  return schema === undefined ? undefined : { ...schema, ...extra };
}
