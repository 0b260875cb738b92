import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from './json.ts';

/** The JSON that a request asks its answer to be. */
export interface OutputFormat {
  /** Absent where any JSON object will do. */
  readonly schema?: JsonObject;
}

/** Reads `response_format`, `text.format` or `output_config.format`; undefined where text is asked for. */
export function outputFormatOf(body: JsonObject): OutputFormat | undefined {
  const format =
    objectAt(body, 'response_format') ??
    objectAt(objectAt(body, 'text'), 'format') ??
    objectAt(objectAt(body, 'output_config'), 'format');
  switch (stringAt(format, 'type')) {
    case 'json_object':
      return {};
    case 'json_schema': {
      const schema = objectAt(objectAt(format, 'json_schema') ?? format, 'schema');
      return schema === undefined ? {} : { schema };
    }
    default:
      return undefined;
  }
}

/** The schema of a tool's arguments, by the tool's name. Tools of the provider's own have none. */
export function toolSchemasOf(body: JsonObject): ReadonlyMap<string, JsonObject> {
  const schemas = new Map<string, JsonObject>();
  for (const tool of [...arrayAt(body, 'tools'), ...arrayAt(body, 'functions')]) {
    const definition = isJsonObject(tool) ? (objectAt(tool, 'function') ?? tool) : undefined;
    const schema = objectAt(definition, 'parameters') ?? objectAt(definition, 'input_schema');
    if (schema !== undefined) schemas.set(stringAt(definition, 'name') ?? '', schema);
  }
  return schemas;
}
