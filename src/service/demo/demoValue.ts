import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt } from '../../wire/json.ts';

/** Bounds schemas that refer to themselves. */
const maxDepth = 12;

/** A value that fits a JSON schema, as plain as it can be: `[demo]`, 0, false, the first of what may be chosen. */
export function demoValue(schema: JsonObject): JsonValue {
  if (Object.keys(schema).length === 0) return { demo: true };
  return plausibleValue(schema, schema, 0);
}

function plausibleValue(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  if (depth > maxDepth) return null;
  if (schema.const !== undefined) return schema.const;
  const [choice] = arrayAt(schema, 'enum');
  if (choice !== undefined) return choice;
  const target = typeof schema.$ref === 'string' ? resolve(schema.$ref, root) : undefined;
  if (target !== undefined) return plausibleValue(target, root, depth + 1);
  const alternative = [...arrayAt(schema, 'anyOf'), ...arrayAt(schema, 'oneOf')].find(isJsonObject);
  if (alternative !== undefined) return plausibleValue(alternative, root, depth + 1);
  return plainValue(schema, root, depth);
}

function plainValue(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return '[demo]';
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'array': {
      const items = objectAt(schema, 'items');
      const length = Math.max(1, typeof schema.minItems === 'number' ? schema.minItems : 1);
      return items === undefined ? [] : Array.from({ length }, () => plausibleValue(items, root, depth + 1));
    }
    default:
      return Object.fromEntries(
        Object.entries(objectAt(schema, 'properties') ?? {}).map(([name, property]) => [
          name,
          isJsonObject(property) ? plausibleValue(property, root, depth + 1) : null,
        ]),
      );
  }
}

/** References within the schema itself, `#/$defs/name`. */
function resolve(reference: string, root: JsonObject): JsonObject | undefined {
  const [start, ...path] = reference.split('/');
  if (start !== '#') return undefined;
  return path.reduce<JsonObject | undefined>((schema, key) => objectAt(schema, key), root);
}
