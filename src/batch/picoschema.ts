import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

const scalars = new Set(['string', 'integer', 'number', 'boolean', 'null']);
const jsonSchemaTypes = new Set([...scalars, 'object', 'array']);
/** `name?(array, what it is)` */
const keyForm = /^([^?(]+)(\?)?(?:\(\s*(\w+)\s*(?:,\s*([^)]*))?\))?$/;

/**
 * Dotprompt's output schema as JSON Schema: Picoschema (google.github.io/dotprompt, reference, "Picoschema") is expanded,
 * JSON Schema stays as it is. Undefined = neither.
 */
export function jsonSchemaOf(schema: JsonValue): JsonObject | undefined {
  if (typeof schema === 'string') return scalarOf(schema);
  if (!isJsonObject(schema)) return undefined;
  if (typeof schema.type === 'string' && jsonSchemaTypes.has(schema.type)) return schema;
  if (isJsonObject(schema.properties)) return { type: 'object', ...schema };
  return objectOf(schema);
}

/** `string, what it is` */
function scalarOf(text: string): JsonObject | undefined {
  const [type = '', ...rest] = text.split(',').map((part) => part.trim());
  const description = rest.join(', ');
  const told = description === '' ? {} : { description };
  if (type === 'any') return told;
  return scalars.has(type) ? { type, ...told } : undefined;
}

function objectOf(fields: JsonObject): JsonObject | undefined {
  const properties: Record<string, JsonObject> = {};
  const required: string[] = [];
  let additionalProperties: JsonValue = false;
  for (const [key, value] of Object.entries(fields)) {
    if (key === '(*)') {
      const others = value === undefined ? undefined : jsonSchemaOf(value);
      if (others === undefined) return undefined;
      additionalProperties = others;
      continue;
    }
    const [, name = '', optional, kind, description] = keyForm.exec(key) ?? [];
    const property = name === '' || value === undefined ? undefined : propertyOf(kind, value);
    if (property === undefined) return undefined;
    const told = description === undefined || description.trim() === '' ? {} : { description: description.trim() };
    properties[name.trim()] = { ...(optional === undefined ? property : nullable(property)), ...told };
    if (optional === undefined) required.push(name.trim());
  }
  return { type: 'object', properties, required, additionalProperties };
}

function propertyOf(kind: string | undefined, value: JsonValue): JsonObject | undefined {
  switch (kind) {
    case undefined:
    case 'object':
      return jsonSchemaOf(value);
    case 'array': {
      const items = jsonSchemaOf(value);
      return items === undefined ? undefined : { type: 'array', items };
    }
    case 'enum':
      return Array.isArray(value) ? { enum: value } : undefined;
    default:
      return undefined;
  }
}

/** An optional field may be null, as dotprompt's own expansion has it. */
function nullable(schema: JsonObject): JsonObject {
  if (Array.isArray(schema.enum)) return { ...schema, enum: [...schema.enum, null] };
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema;
}
