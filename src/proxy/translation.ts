import type { Config } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { RequestPath } from '../wire/requestPath.ts';
import { expectsThinking, isTranslatable, type Reading, type TranslationTarget } from '../wire/translate/reading.ts';
import { translateError } from '../wire/translate/translateError.ts';
import { translateReply } from '../wire/translate/translateReply.ts';
import { translateRequest } from '../wire/translate/translateRequest.ts';
import type { OpenAttempt } from './attemptRow.ts';
import type { Call, TranslationNote } from './call.ts';
import { type Provider, providerOf } from './chooseProvider.ts';
import { type Refusal, untranslatable } from './errors.ts';
import type { HeaderPairs } from './exchange.ts';
import type { PlannedTarget } from './plan.ts';
import { providerTraits } from './providerTraits.ts';
import type { ReadReply } from './readReplyBody.ts';
import { uncompressed } from './requestHeaders.ts';
import type { WholeReply } from './sendAttempt.ts';

/** What one target is sent: the client's own request, or its translation. */
export interface Outgoing {
  readonly request: ParsedRequest;
  readonly path: RequestPath;
  /** Absent = nothing is translated. */
  readonly reading?: Reading;
}

/** Whether requests to this endpoint can be put to a provider at all. */
export function isServable(config: Config, provider: string, { endpoint, dialect }: ParsedRequest): boolean {
  const own = Object.hasOwn(config.providers, provider) ? config.providers[provider] : undefined;
  return own !== undefined && (own.dialect === dialect || isTranslatable(endpoint));
}

/** What a request has to be written as for this provider; undefined where it is understood as it is. */
export function translationFor(
  provider: Provider,
  { endpoint, dialect }: ParsedRequest,
): TranslationTarget['endpoint'] | undefined {
  if (provider.config.dialect !== dialect) return dialect === 'anthropic' ? 'chat.completions' : 'messages';
  return endpoint === 'responses' && !providerTraits(provider).hasResponses ? 'chat.completions' : undefined;
}

/** Every Claude model can write this much; what the catalogue knows of a model is better. */
const defaultMaxTokens = 4096;

/** The request as this target gets it; a refusal where something in it cannot be said in the target's dialect. */
export function prepare(call: Call, request: ParsedRequest, target: PlannedTarget): Outgoing | Refusal {
  const { endpoint } = request;
  const { translateTo: from, provider } = target;
  // Deleting makes an object slow, so only what is there.
  if (call.facts.translation !== undefined) delete call.facts.translation;
  if (from === undefined || !isTranslatable(endpoint)) return { request, path: call.path };
  const maxOutputTokens = longestAnswer(call, target);
  const translated = translateRequest(request, endpoint, writtenFor(from, target, maxOutputTokens));
  if ('field' in translated) return untranslatable(provider.name, translated.field, translated.reason);
  const sent = translated.request;
  const limit = sent.body.max_tokens;
  const isAdded = from === 'messages' && !hasLimit(request) && typeof limit === 'number';
  const note: TranslationNote = {
    endpoint: from,
    dropped: [...translated.dropped, ...droppedBeside(call)],
    ...(isAdded ? { addedMaxTokens: limit } : {}),
  };
  call.facts.translation = note;
  const createdAt = Math.floor(call.deps.clock.now() / 1000);
  const path = { provider: call.path.provider, rest: pathOf[from], versioned: true, query: '', endpoint: from };
  const showsThinking = expectsThinking(request) && !hasNativeTarget(call, request);
  return { request: sent, path, reading: { request, endpoint, from, createdAt, showsThinking } };
}

/** The next turn of the conversation may go to a provider of the client's own dialect. */
function hasNativeTarget(call: Call, request: ParsedRequest): boolean {
  const targets = call.facts.alias?.config.targets ?? [];
  return targets.some(({ provider: name }) => {
    const provider = providerOf(call, name);
    return !('status' in provider) && translationFor(provider, request) === undefined;
  });
}

const pathOf: Readonly<Record<TranslationTarget['endpoint'], string>> = {
  'chat.completions': '/chat/completions',
  messages: '/messages',
};

function writtenFor(
  endpoint: TranslationTarget['endpoint'],
  { provider, model }: PlannedTarget,
  maxOutputTokens: number,
): TranslationTarget {
  if (endpoint === 'messages') return { endpoint, model, maxOutputTokens };
  const { maxTokensField, nineCharacterIds, takesUser } = providerTraits(provider);
  return { endpoint, model, maxTokensField, nineCharacterIds, takesUser };
}

function longestAnswer(call: Call, { provider, model }: PlannedTarget): number {
  const known = call.deps.catalogOf(call.request.workspaceId).lookup(model, provider.name);
  return (known.kind === 'known' ? known.model.maxOutputTokens : undefined) ?? defaultMaxTokens;
}

function hasLimit({ body }: ParsedRequest): boolean {
  return [body.max_tokens, body.max_completion_tokens, body.max_output_tokens].some(
    (limit) => typeof limit === 'number',
  );
}

/** What the client said beside the body, and only its own provider understands. */
function droppedBeside({ headers, path }: Call): string[] {
  const beta = ['anthropic-beta', 'openai-beta'].filter((name) => headers.values.has(name));
  return path.query === '' ? beta : [...beta, 'query'];
}

/** Sampling parameters are refused from the version after this one on, also at their defaults. */
const anthropicVersion = '2023-06-01';

/** Headers of one vendor mean nothing to the other; what is read here must not come compressed. */
export function translatedHeaders(headers: HeaderPairs, to: TranslationTarget['endpoint']): HeaderPairs {
  const neutral = headers.filter(([name]) => !/^(?:anthropic-|openai-)/i.test(name));
  const version: HeaderPairs = to === 'messages' ? [['anthropic-version', anthropicVersion]] : [];
  return uncompressed([...neutral, ...version]);
}

/** An upstream's headers for an answer that is not its own any more. The vendors call their request's id differently. */
export function callersHeaders(headers: HeaderPairs): HeaderPairs {
  const kept = headers.filter(([name]) => !/^content-(?:length|encoding)$/i.test(name));
  return kept.flatMap(([name, value]): HeaderPairs => {
    if (name.toLowerCase() === 'request-id')
      return [
        [name, value],
        ['x-request-id', value],
      ];
    if (name.toLowerCase() === 'x-request-id')
      return [
        [name, value],
        ['request-id', value],
      ];
    return [[name, value]];
  });
}

/** A whole answer in the client's dialect; undefined where it is none of the upstream's. */
export function callersReply(
  reply: WholeReply,
  read: ReadReply | undefined,
  reading: Reading,
): { readonly reply: WholeReply; readonly read: ReadReply } | undefined {
  const value = read && translateReply(read.value, reading);
  if (read === undefined || value === undefined) return undefined;
  const json = JSON.stringify(value);
  const bytes = Buffer.from(json, 'utf8');
  return {
    reply: { status: reply.status, headers: withLength(callersHeaders(reply.headers), bytes), bytes },
    read: { facts: read.facts, value, json: () => json },
  };
}

/** An upstream's error in the client's dialect. */
export function callersError({ reading }: OpenAttempt, reply: WholeReply, plain: Uint8Array | undefined): WholeReply {
  if (reading === undefined) return reply;
  const { status } = reply;
  const bytes = translateError(plain ?? new Uint8Array(), status, reading.request.dialect);
  const others = callersHeaders(reply.headers).filter(([name]) => name.toLowerCase() !== 'content-type');
  return { status, headers: withLength([...others, ['content-type', 'application/json']], bytes), bytes };
}

function withLength(headers: HeaderPairs, bytes: Uint8Array): HeaderPairs {
  return [...headers, ['content-length', String(bytes.byteLength)]];
}
