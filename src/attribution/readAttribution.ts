import type { Config } from '../config/config.ts';
import { type JsonObject, objectAt, stringAt } from '../wire/json.ts';
import type { Attribution } from './attribution.ts';
import { findPii, type PiiKind } from './piiGuard.ts';
import { pseudonym } from './pseudonym.ts';
import { readTags } from './readTags.ts';

/** What attribution is read from. Header names are lower case. */
export interface AttributionSource {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: JsonObject | undefined;
}

export interface AttributionRules {
  readonly config: Config['attribution'];
  /** Per-install secret. */
  readonly pseudonymKey: Uint8Array;
}

/** A value that may not be recorded, by where it stood and what it is; never the value itself. */
export interface PiiFound {
  readonly field: string;
  readonly kind: PiiKind;
}

export type AttributionReading =
  | { readonly kind: 'read'; readonly attribution: Attribution }
  | { readonly kind: 'rejected'; readonly found: PiiFound };

const maxValueChars = 128;
const reservedTags = new Set(['feature', '_user']);

/**
 * Reads who and what a call is for: our headers first, then other gateways', then the body's `metadata` and `user`.
 * The request itself stays as it is; only what is recorded passes the guard.
 */
export function readAttribution(source: AttributionSource, rules: AttributionRules): AttributionReading {
  const { headers, body } = source;
  const guard = createGuard(rules);
  const tags = readTags(headers, body);
  const user = firstOf(
    headers.get('x-tollgate-user'),
    headers.get('helicone-user-id'),
    headers.get('x-litellm-end-user-id'),
    body && stringAt(body, 'user'),
    body && stringAt(objectAt(body, 'metadata'), 'user_id'),
    tags.get('_user'),
  );
  const attribution: Attribution = {
    ...guard.field('feature', firstOf(headers.get('x-tollgate-feature'), tags.get('feature'))),
    ...guard.tags(allowed(tags, rules.config.tags)),
    ...(user === undefined ? {} : { userPseudonym: pseudonym(rules.pseudonymKey, user) }),
    ...guard.field('session', firstOf(...sessionHeaders.map((name) => headers.get(name)))),
    ...guard.field('branch', headers.get('x-tollgate-branch')),
    ...commitOf(headers.get('x-tollgate-commit')),
    ...guard.field('callSite', callSiteOf(headers)),
    ...guard.field('task', firstOf(headers.get('x-tollgate-task'), tags.get('task'))),
    ...clientOf(headers.get('user-agent')),
  };
  return guard.rejected === undefined ? { kind: 'read', attribution } : { kind: 'rejected', found: guard.rejected };
}

const sessionHeaders = ['x-tollgate-session', 'helicone-session-id', 'cf-aig-session-id', 'x-session-id'];

function firstOf(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '');
}

function allowed(tags: ReadonlyMap<string, string>, names: readonly string[]): [string, string][] {
  return [...tags].filter(([name]) => names.includes(name) && !reservedTags.has(name));
}

interface Guard {
  readonly rejected: PiiFound | undefined;
  field<K extends string>(name: K, value: string | undefined): Partial<Readonly<Record<K, string>>>;
  tags(entries: readonly (readonly [string, string])[]): { readonly tags?: Readonly<Record<string, string>> };
}

function createGuard({ config, pseudonymKey }: AttributionRules): Guard {
  let rejected: PiiFound | undefined;
  const safe = (field: string, value: string | undefined): string | undefined => {
    const text = value?.slice(0, maxValueChars);
    const kind = text === undefined ? undefined : findPii(text);
    if (text === undefined || kind === undefined) return text;
    if (config.pii === 'reject') rejected ??= { field, kind };
    return config.pii === 'hash' ? `${kind}:${pseudonym(pseudonymKey, text)}` : undefined;
  };
  return {
    get rejected() {
      return rejected;
    },
    field<K extends string>(name: K, value: string | undefined) {
      const fields: Partial<Record<K, string>> = {};
      const text = safe(name, value);
      if (text !== undefined) fields[name] = text;
      return fields;
    },
    tags(entries) {
      const kept = entries.flatMap(([name, value]) => {
        const text = safe(name, value);
        return text === undefined ? [] : [[name, text] as const];
      });
      return kept.length === 0 ? {} : { tags: Object.fromEntries(kept) };
    },
  };
}

/** A hash is digits in a row by chance, so it is checked for its shape instead. */
function commitOf(value: string | undefined): { readonly commit?: string } {
  return value !== undefined && /^[0-9a-f]{7,64}$/i.test(value) ? { commit: value } : {};
}

/** Relative to the workspace; an absolute path names a home folder, so only its last parts are kept. */
function callSiteOf(headers: ReadonlyMap<string, string>): string | undefined {
  const value = headers.get('x-tollgate-callsite');
  if (value === undefined) return undefined;
  const path = value.replaceAll('\\', '/');
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path);
  return isAbsolute ? path.split('/').slice(-2).join('/') : path;
}

/** The product of a user agent; what follows may name machines and people. */
function clientOf(userAgent: string | undefined): { readonly client?: string } {
  const product = userAgent === undefined ? null : /^[\w@.+-]+(?:\/[\w.+-]+){1,2}(?: [\d.]+)?/.exec(userAgent);
  return product === null ? {} : { client: product[0].slice(0, 64) };
}
