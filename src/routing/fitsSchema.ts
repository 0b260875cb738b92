import { type Schema, Validator } from '@cfworker/json-schema';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/**
 * Whether a value is what a JSON schema asks for; undefined where the schema itself cannot be read (a reference to
 * somewhere else, a pattern that is none), which is not the answer's fault.
 */
export function fitsSchema(value: JsonValue, schema: JsonObject): boolean | undefined {
  try {
    const own: Schema = schema;
    return new Validator(own, '2020-12').validate(value).valid;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
