import { parseDocument } from 'yaml';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { type Refusal, refused } from './promptFile.ts';

export interface FrontMatter {
  readonly kind: 'frontMatter';
  readonly fields: JsonObject;
  readonly body: string;
}

const fence = /^---[ \t]*(?:\r?\n|$)/m;
const opening = /^---[ \t]*\r?\n/;

/**
 * Takes the YAML between `---` lines off the head of a text. A text without a closed header is all body.
 * @param unopened Continue's `.prompt` has a header that only ends with `---`
 */
export function splitFrontMatter(text: string, unopened = false): FrontMatter | Refusal {
  const opened = opening.exec(text);
  if (opened === null && !unopened) return { kind: 'frontMatter', fields: {}, body: text };
  const start = opened?.[0].length ?? 0;
  const rest = text.slice(start);
  const closing = fence.exec(rest);
  if (closing === null) return { kind: 'frontMatter', fields: {}, body: text };
  const parsed = parseHeader(rest.slice(0, closing.index));
  // A plain text that merely has a `---` line in it has no header.
  if (opened === null && parsed.kind !== 'fields') return { kind: 'frontMatter', fields: {}, body: text };
  if (parsed.kind === 'refused') return parsed;
  return { kind: 'frontMatter', fields: parsed.fields, body: rest.slice(closing.index + closing[0].length) };
}

function parseHeader(yaml: string): { readonly kind: 'fields'; readonly fields: JsonObject } | Refusal {
  try {
    const document = parseDocument(yaml, { logLevel: 'silent', prettyErrors: false });
    const error = document.errors[0];
    if (error !== undefined) return refused(refusals.frontMatter(error.message));
    const value: unknown = toJson(document.toJS({ maxAliasCount: 100 }));
    if (value === null) return { kind: 'fields', fields: {} };
    return isJsonObject(value) ? { kind: 'fields', fields: value } : refused(refusals.frontMatterNotAMap());
  } catch (error) {
    return refused(refusals.frontMatter(error instanceof Error ? error.message : String(error)));
  }
}

/** YAML has values that JSON has not (dates, maps with other keys, NaN). */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}
