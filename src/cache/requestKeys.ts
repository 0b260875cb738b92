import { hash } from 'node:crypto';
import type { CacheConfig } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { AnswerScope } from './answerCache.ts';
import { canonicalJson, canonicalMembers } from './canonicalJson.ts';
import type { Question } from './readQuestion.ts';

/** Part of every key: raise it when the meaning of a key changes, and old entries are never found again. */
const keyVersion = 3;

/**
 * Body fields that do not change the answer. The model and the user are in the scope (resolved, and as a pseudonym); a
 * stream and a JSON reply may share an entry.
 */
const irrelevant = new Set([
  'model',
  'stream',
  'stream_options',
  'user',
  'metadata',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'cache',
]);

const conversationFields = ['messages', 'input'] as const;
const withoutConversation = new Set([...irrelevant, ...conversationFields]);

export interface RequestKeys {
  /** Equal for requests that must get the same answer. */
  readonly exact: string;
  /** Equal for requests that differ in the wording of their question at most. Undefined where it cannot be compared. */
  readonly partitionOf: (question: Question) => string | undefined;
}

/** Undefined where a number of the body cannot be compared. Keys are SHA-256, base64url. */
export function requestKeys(
  request: ParsedRequest,
  scope: AnswerScope,
  { scope: wanted, store }: Pick<CacheConfig, 'scope' | 'store'>,
): RequestKeys | undefined {
  // On this machine, a team is the workspace.
  const scopeKind = wanted === 'team' && store.kind === 'sqlite' ? 'workspace' : wanted;
  const { body, endpoint } = request;
  const settings = canonicalMembers(body, withoutConversation);
  const conversation = conversationFields.map((field) => canonicalJson(body[field] ?? null));
  if (settings === undefined || conversation.includes(undefined)) return undefined;
  const who = identity(scope, scopeKind);
  return {
    exact: digest(['exact', who, endpoint, settings, ...conversation]),
    partitionOf({ frame }) {
      const rest = canonicalJson(frame);
      return rest === undefined ? undefined : digest(['question', who, endpoint, settings, rest]);
    },
  };
}

/** The key of one wording within a partition. */
export function wordingKey(partition: string, canonical: string): string {
  return digest(['wording', partition, canonical]);
}

/** Where vectors are compared: one partition, one embedder. */
export function vectorScope(partition: string, embedderId: string): string {
  return digest(['vectors', partition, embedderId]);
}

/**
 * Who asks whom. A session narrows its workspace; where there is none, the user of the workspace is the scope. In a team's
 * store, machines and keys differ while the answer does not: only what is asked of whom counts.
 */
function identity(scope: AnswerScope, kind: CacheConfig['scope']): string {
  const { workspaceId, session, user, namespace, provider, baseUrl, model, alias, credential, variant } = scope;
  if (kind === 'team')
    return JSON.stringify([
      keyVersion,
      ['team'],
      [user ?? null, namespace ?? null],
      [provider, baseUrl, model, alias ?? null, variant],
    ]);
  return JSON.stringify([
    keyVersion,
    kind === 'session' ? ['session', session ?? null] : ['workspace'],
    [workspaceId, user ?? null, namespace ?? null],
    [provider, baseUrl, model, alias ?? null, credential, variant],
  ]);
}

function digest(parts: readonly (string | undefined)[]): string {
  // Each part with its length, so that no two lists of parts are written alike.
  const text = parts.map((part) => `${part?.length ?? -1}:${part ?? ''}\n`).join('');
  return hash('sha256', text, 'base64url');
}
