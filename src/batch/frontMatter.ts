import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { parseYaml } from './parseYaml.ts';
import { type Refusal, refused } from './promptFile.ts';

/** The fields of a header, without its fences. */
export type ReadHeader = (yaml: string) => { readonly kind: 'fields'; readonly fields: JsonObject } | Refusal;

/** Headers that are remembered: the files of a plan mostly differ in their texts alone. */
const rememberedHeaders = 100;

/** Reads each header once. */
export function createHeaderReader(): ReadHeader {
  const known = new Map<string, ReturnType<ReadHeader>>();
  return (yaml) => {
    const header = known.get(yaml) ?? readHeader(yaml);
    if (known.size >= rememberedHeaders) known.clear();
    known.set(yaml, header);
    return header;
  };
}

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
export function splitFrontMatter(text: string, unopened: boolean, read: ReadHeader): FrontMatter | Refusal {
  const opened = opening.exec(text);
  if (opened === null && !unopened) return { kind: 'frontMatter', fields: {}, body: text };
  const start = opened?.[0].length ?? 0;
  const rest = text.slice(start);
  const closing = fence.exec(rest);
  if (closing === null) return { kind: 'frontMatter', fields: {}, body: text };
  const parsed = read(rest.slice(0, closing.index));
  // A plain text that merely has a `---` line in it has no header.
  if (opened === null && parsed.kind !== 'fields') return { kind: 'frontMatter', fields: {}, body: text };
  if (parsed.kind === 'refused') return parsed;
  return { kind: 'frontMatter', fields: parsed.fields, body: rest.slice(closing.index + closing[0].length) };
}

function readHeader(yaml: string): ReturnType<ReadHeader> {
  const parsed = parseYaml(yaml);
  if (parsed.kind === 'notYaml') return refused(refusals.frontMatter(parsed.detail));
  const { value } = parsed;
  if (value === null) return { kind: 'fields', fields: {} };
  return isJsonObject(value) ? { kind: 'fields', fields: value } : refused(refusals.frontMatterNotAMap());
}
