import type { Config } from '../config/config.ts';
import { type JsonObject, objectAt, stringAt } from '../wire/json.ts';
import type { Attribution } from './attribution.ts';
import type { PiiKind } from './piiGuard.ts';
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
  /** `findPii`, or a function that remembers what it found. */
  readonly findPii: (text: string) => PiiKind | undefined;
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
export function readAttribution({ headers, body }: AttributionSource, rules: AttributionRules): AttributionReading {
  const tags = readTags(headers, body);
  const read: Draft = {};
  const values = {
    feature: headers.get('x-tollgate-feature') || tags.get('feature'),
    session: sessionIn(headers),
    branch: headers.get('x-tollgate-branch'),
    testRun: headers.get('x-tollgate-test-run'),
    callSite: callSiteOf(headers.get('x-tollgate-callsite')),
    task: headers.get('x-tollgate-task') || tags.get('task'),
  };
  for (const field of guardedFields) {
    const value = values[field];
    if (value === undefined || value === '') continue;
    const kept = guarded(value, rules);
    if (typeof kept === 'object') return { kind: 'rejected', found: { field, kind: kept.kind } };
    if (kept !== undefined) read[field] = kept;
  }
  const rejected = addTags(read, tags, rules);
  if (rejected !== undefined) return { kind: 'rejected', found: rejected };
  const user = userIn(headers, body) || tags.get('_user');
  if (user) read.userPseudonym = pseudonym(rules.pseudonymKey, user);
  const commit = headers.get('x-tollgate-commit');
  // A hash is digits in a row by chance, so it is checked for its shape and not by the guard.
  if (commit !== undefined && /^[0-9a-f]{7,64}$/i.test(commit)) read.commit = commit;
  const client = clientOf(headers.get('user-agent'));
  if (client !== undefined) read.client = client;
  return { kind: 'read', attribution: read };
}

type Draft = { -readonly [Field in keyof Attribution]: Attribution[Field] };

const guardedFields = ['feature', 'session', 'branch', 'testRun', 'callSite', 'task'] as const;

function addTags(read: Draft, tags: ReadonlyMap<string, string>, rules: AttributionRules): PiiFound | undefined {
  if (tags.size === 0) return undefined;
  const kept: Record<string, string> = {};
  for (const [name, value] of tags) {
    if (!rules.config.tags.includes(name) || reservedTags.has(name)) continue;
    const text = guarded(value, rules);
    if (typeof text === 'object') return { field: name, kind: text.kind };
    if (text !== undefined) kept[name] = text;
  }
  if (Object.keys(kept).length > 0) read.tags = kept;
  return undefined;
}

/** What may be recorded of a value: itself, its hash, or nothing; an object where the call is to be rejected for it. */
function guarded(value: string, rules: AttributionRules): string | undefined | { readonly kind: PiiKind } {
  const text = value.length > maxValueChars ? value.slice(0, maxValueChars) : value;
  const kind = rules.findPii(text);
  if (kind === undefined) return text;
  if (rules.config.pii === 'reject') return { kind };
  return rules.config.pii === 'hash' ? `${kind}:${pseudonym(rules.pseudonymKey, text)}` : undefined;
}

function userIn(headers: ReadonlyMap<string, string>, body: JsonObject | undefined): string | undefined {
  return (
    headers.get('x-tollgate-user') ||
    headers.get('helicone-user-id') ||
    headers.get('x-litellm-end-user-id') ||
    (body && (stringAt(body, 'user') || stringAt(objectAt(body, 'metadata'), 'user_id')))
  );
}

function sessionIn(headers: ReadonlyMap<string, string>): string | undefined {
  for (const name of sessionHeaders) {
    const value = headers.get(name);
    if (value) return value;
  }
  return undefined;
}

const sessionHeaders = ['x-tollgate-session', 'helicone-session-id', 'cf-aig-session-id', 'x-session-id'];

/** Relative to the workspace; an absolute path names a home folder, so only its last parts are kept. */
function callSiteOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const path = value.replaceAll('\\', '/');
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path);
  return isAbsolute ? path.split('/').slice(-2).join('/') : path;
}

/** The product of a user agent; what follows may name machines and people. */
function clientOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined) return undefined;
  return /^[\w@.+-]+(?:\/[\w.+-]+){1,2}(?: [\d.]+)?/.exec(userAgent)?.[0].slice(0, 64);
}
