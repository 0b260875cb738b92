import { arrayAt, isJsonObject, type JsonObject, objectAt, parseJson } from '../wire/json.ts';

const maxTags = 16;
const tagName = /^[a-z0-9_.-]{1,64}$/;
const heliconeProperty = 'helicone-property-';

/**
 * Tags by name, lower case. Ours win over other gateways', headers over the body. Names that start with `tollgate.`
 * are reserved and left out.
 */
export function readTags(
  headers: ReadonlyMap<string, string>,
  body: JsonObject | undefined,
): ReadonlyMap<string, string> {
  if (!mayHaveTags(headers, body)) return none;
  const tags = new Map<string, string>();
  const add = (name: string, value: unknown): void => {
    const key = name.trim().toLowerCase();
    if (tags.size >= maxTags || tags.has(key) || !tagName.test(key) || key.startsWith('tollgate.')) return;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      tags.set(key, String(value).trim());
  };
  const addAll = (values: JsonObject | undefined): void => {
    for (const [name, value] of Object.entries(values ?? {})) add(name, value);
  };

  addPairs(headers.get('x-tollgate-tags'), add);
  addPairs(headers.get('x-litellm-tags'), add);
  addAll(jsonOf(headers.get('x-portkey-metadata')));
  addAll(jsonOf(headers.get('cf-aig-metadata')));
  for (const [name, value] of headers)
    if (name.startsWith(heliconeProperty)) add(name.slice(heliconeProperty.length), value);
  const metadata = body && objectAt(body, 'metadata');
  for (const tag of arrayAt(metadata, 'tags')) if (typeof tag === 'string') addPairs(tag, add);
  addAll(metadata);
  addBaggage(headers.get('baggage'), add);
  return tags;
}

const none: ReadonlyMap<string, string> = new Map();

/** Most calls bring none, and this is asked of every one. */
function mayHaveTags(headers: ReadonlyMap<string, string>, body: JsonObject | undefined): boolean {
  if (body?.metadata !== undefined || headers.has('baggage')) return true;
  for (const name of headers.keys())
    if (name.startsWith('x-') ? /-(?:tags|metadata)$/.test(name) : /^(?:helicone-|cf-aig-)/.test(name)) return true;
  return false;
}

/** `feature=checkout,env=dev`; a tag without a value stands for itself. */
function addPairs(text: string | undefined, add: (name: string, value: string) => void): void {
  for (const pair of text?.split(',') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0) add(pair.slice(0, at), pair.slice(at + 1));
    else if (pair.trim() !== '') add(pair, 'true');
  }
}

/** W3C baggage: values are percent-encoded and may have properties after a semicolon. */
function addBaggage(text: string | undefined, add: (name: string, value: string) => void): void {
  for (const member of text?.split(',') ?? []) {
    const [pair = ''] = member.split(';');
    const at = pair.indexOf('=');
    const value = at > 0 ? decoded(pair.slice(at + 1).trim()) : undefined;
    if (value !== undefined) add(pair.slice(0, at), value);
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function jsonOf(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  return isJsonObject(value) ? value : undefined;
}
