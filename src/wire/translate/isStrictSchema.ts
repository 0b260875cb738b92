import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt } from '../json.ts';

/**
 * Whether OpenAI takes a schema as strict: every object closed, every property required
 * (developers.openai.com, structured outputs, supported schemas).
 */
export function isStrictSchema(schema: JsonObject): boolean {
  const properties = objectAt(schema, 'properties');
  if (schema.type === 'object' || properties !== undefined) {
    if (schema.additionalProperties !== false) return false;
    const required = arrayAt(schema, 'required');
    if (Object.keys(properties ?? {}).some((key) => !required.includes(key))) return false;
  }
  const parts = Object.entries(schema).filter(([key]) => !data.has(key));
  return parts.every(([, value]) => isStrictWithin(value)) && Object.values(properties ?? {}).every(isStrictWithin);
}

/** Members that hold values instead of schemas; `properties` are looked at one by one. */
const data = new Set(['properties', 'enum', 'const', 'default', 'examples', 'required']);

function isStrictWithin(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.every(isStrictWithin);
  return !isJsonObject(value) || isStrictSchema(value);
}
