/** Keywords that judge. What is wrong in the file is said once, by `parseConfigFile`, in words that name the remedy. */
const judging = new Set([
  'additionalProperties',
  'const',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'pattern',
  'patternErrorMessage',
  'propertyNames',
  'required',
]);
/** Keywords that judge and offer values at the same time: kept as one way of several, so that any other is as good. */
const offering = new Set(['type', 'enum', 'enumDescriptions', 'markdownEnumDescriptions']);
/** Editors know these by their parts. */
const structured = new Set<unknown>(['object', 'array']);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(suggestingSchema);
  return isRecord(value) ? suggestingSchema(value) : value;
}

function mapValues(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, mapped(schema)]));
}

/**
 * A schema that offers and explains what another does and finds nothing wrong. Names of a record keep their schema under
 * `additionalProperties`.
 */
export function suggestingSchema(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const kept: Record<string, unknown> = {};
  const offered: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') kept[keyword] = mapValues(value);
    else if (keyword === 'additionalProperties' && isRecord(value)) kept[keyword] = mapped(value);
    else if (keyword === 'items' || keyword === 'anyOf' || keyword === 'oneOf')
      kept[keyword === 'oneOf' ? 'anyOf' : keyword] = mapped(value);
    else if (offering.has(keyword)) offered[keyword] = value;
    else if (!judging.has(keyword)) kept[keyword] = value;
  }
  const isStructured = structured.has(offered.type) && offered.enum === undefined;
  if (isStructured || Object.keys(offered).length === 0 || 'anyOf' in kept) return kept;
  return { ...kept, anyOf: [offered, {}] };
}
