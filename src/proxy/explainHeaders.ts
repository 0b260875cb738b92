import { demoBaseUrl } from '../config/demoBaseUrl.ts';
import type { AttemptRow, CacheOutcome } from '../ledger/rows.ts';
import { decisionText } from '../routing/routeDecision.ts';
import { type Call, costSoFar, overheadMs, type TranslationNote } from './call.ts';
import type { HeaderPairs } from './exchange.ts';

type Pair = readonly [name: string, value: string];

/** What is known of a call's route when its answer's headers leave. */
export interface Explained {
  readonly provider?: string;
  /** The model that answers, as far as it is known. */
  readonly model?: string;
  /** `from=openai/gpt-4o;class=overload` */
  readonly fallback?: string;
  /** Cost is known: not for streams. */
  readonly costed: boolean;
  readonly extra?: readonly Pair[];
}

/** The `x-tollgate-*` headers of an answer, in the order of the documentation. */
export function explainHeaders(call: Call, explained: Explained): HeaderPairs {
  const { facts } = call;
  const pairs: Pair[] = [['x-tollgate-call-id', call.id]];
  if (facts.alias !== undefined) pairs.push(['x-tollgate-alias', printable(facts.alias.name)]);
  if (explained.model) pairs.push(['x-tollgate-model', printable(explained.model)]);
  if (explained.provider !== undefined) pairs.push(['x-tollgate-provider', printable(explained.provider)]);
  if (isDemo(call, explained.provider)) pairs.push(['x-tollgate-demo', '1']);
  if (facts.decision !== undefined)
    pairs.push(['x-tollgate-route', printable(decisionText(facts.decision, facts.attribution.task))]);
  pairs.push(['x-tollgate-attempts', String(call.attempts.length + (explained.costed ? 0 : 1))]);
  if (explained.fallback !== undefined) pairs.push(['x-tollgate-fallback', printable(explained.fallback)]);
  if (facts.translation !== undefined) pairs.push(...translationHeaders(facts.translation));
  if (facts.metered) pairs.push(['x-tollgate-cache', cacheText(call)]);
  if (explained.costed) pairs.push(...costHeaders(call));
  pairs.push(['x-tollgate-overhead-ms', String(overheadMs(call))]);
  if (explained.extra !== undefined) pairs.push(...explained.extra);
  return pairs;
}

/** The built-in provider answers, or answered what is replayed: nobody is billed. */
function isDemo({ config, deps, request }: Call, provider: string | undefined): boolean {
  if (provider === undefined || !Object.hasOwn(config.providers, provider)) return false;
  const baseUrl = deps.confirmedUpstream(request.workspaceId, provider) ?? config.providers[provider]?.baseUrl;
  return baseUrl === demoBaseUrl;
}

function translationHeaders({ endpoint, dropped, addedMaxTokens }: TranslationNote): Pair[] {
  const added = addedMaxTokens === undefined ? '' : `;max_tokens=${addedMaxTokens}`;
  const translated: Pair = ['x-tollgate-translated', `${endpoint}${added}`];
  return dropped.length === 0 ? [translated] : [translated, ['x-tollgate-dropped', printable(dropped.join(','))]];
}

const words: Readonly<Record<CacheOutcome, string>> = {
  hitExact: 'HIT',
  hitWording: 'SEMANTIC-HIT',
  hitSemantic: 'SEMANTIC-HIT',
  joined: 'HIT',
  shadowExact: 'MISS',
  shadowWording: 'MISS',
  shadowSemantic: 'MISS',
  miss: 'MISS',
  bypass: 'BYPASS',
};

function cacheText(call: Call): string {
  const { cache, cacheNotes, cacheReason, savedPicoUsd } = call.facts;
  let text = words[cache];
  if (cacheReason !== undefined) text += `;reason=${cacheReason.replaceAll(/[;,\s]+/g, '-')}`;
  for (const note of cacheNotes) text += `;${note}`;
  if (savedPicoUsd !== undefined && isHit(cache)) text += `;saved-usd=${usdText(savedPicoUsd)}`;
  return printable(text);
}

function isHit(cache: CacheOutcome): boolean {
  return words[cache].endsWith('HIT');
}

const plainWords: Readonly<Record<CacheOutcome, string>> = {
  hitExact: 'hit-exact',
  hitWording: 'hit-semantic',
  hitSemantic: 'hit-semantic',
  joined: 'hit-joined',
  shadowExact: 'miss',
  shadowWording: 'miss',
  shadowSemantic: 'miss',
  miss: 'miss',
  bypass: 'bypass',
};

/** What other caches call it; not sent where the provider's own CDN has said something under that name. */
export function plainCacheHeader(call: Call): readonly [string, string] {
  return ['x-cache', plainWords[call.facts.cache]];
}

function costHeaders(call: Call): Pair[] {
  const last = call.attempts.at(-1);
  if (last === undefined)
    return [
      ['x-tollgate-cost-usd', usdText(0)],
      ['x-tollgate-cost-status', 'not-billed'],
    ];
  const status: Pair = ['x-tollgate-cost-status', statusText(last)];
  if (last.costPicoUsd === undefined) return [status];
  const price: Pair[] = last.priceId === undefined ? [] : [['x-tollgate-price-id', printable(last.priceId)]];
  return [['x-tollgate-cost-usd', usdText(costSoFar(call))], status, ...price];
}

export function statusText({ costStatus }: AttemptRow): string {
  return costStatus === 'notBilled' ? 'not-billed' : costStatus;
}

/** Whole picodollars as a plain decimal of dollars, at least eight places. */
export function usdText(picoUsd: number): string {
  const digits = String(Math.round(picoUsd)).padStart(13, '0');
  const decimals = digits.slice(-12).replace(/0{1,4}$/, '');
  return `${digits.slice(0, -12)}.${decimals}`;
}

/** Header values are ASCII without controls; anything else is percent-encoded. */
function printable(value: string): string {
  if (!/[^\x20-\x7e]/.test(value)) return value;
  return value.replaceAll(/[^\x20-\x7e]+/g, (run) =>
    [...Buffer.from(run, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  );
}
