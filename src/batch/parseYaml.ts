import { parseDocument } from 'yaml';
import type { JsonValue } from '../wire/json.ts';

export interface NotYaml {
  readonly kind: 'notYaml';
  readonly detail: string;
}

/** Reads YAML as the JSON that it stands for: dates are texts, NaN is null. Never throws. */
export function parseYaml(yaml: string): { readonly kind: 'value'; readonly value: JsonValue } | NotYaml {
  try {
    const document = parseDocument(yaml, { logLevel: 'silent', prettyErrors: false });
    const error = document.errors[0];
    if (error !== undefined) return { kind: 'notYaml', detail: error.message };
    const text = JSON.stringify(document.toJS({ maxAliasCount: 100 }));
    return { kind: 'value', value: text === undefined ? null : JSON.parse(text) };
  } catch (error) {
    return { kind: 'notYaml', detail: error instanceof Error ? error.message : String(error) };
  }
}
