import type { CacheConfig } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import type {
  AskingCall,
  CacheLookup,
  CacheTicket,
  KeptAnswerCache,
  ShadowFound,
  ShadowLookup,
  Watched,
} from './answerCache.ts';
import { createEmbedding, type Embedding } from './embedders/createEmbedding.ts';
import type { Embedder } from './embedders/embedder.ts';
import { createLexicalEmbedder } from './embedders/lexicalEmbedder.ts';
import type { CacheEntry } from './entry.ts';
import type { CacheClock, EntryStore } from './entryStore.ts';
import { embedderFailed, watchingFailed } from './errors.ts';
import { type CacheMatch, createFinder, type Finding } from './findAnswer.ts';
import { createJudge } from './guards/createJudge.ts';
import { isWorthKeeping } from './isWorthKeeping.ts';
import { keepAnswer } from './keepAnswer.ts';
import { whenKnown } from './maybePromise.ts';
import { createMemoryEntryStore } from './memoryEntryStore.ts';
import { type PlannedUse, planUse } from './planUse.ts';
import { type Kept, keptBy, withRouteModes } from './routeModes.ts';
import { createSqliteEntryStore } from './sqliteEntryStore.ts';
import { createTrust } from './trust/createTrust.ts';
import { createWatches } from './watchLater.ts';

export interface AnswerCacheDeps {
  readonly store: Pick<Store, 'database' | 'transaction'>;
  readonly clock: CacheClock;
  /** Told in words for the user, without prompts. */
  readonly onProblem: (message: string) => void;
  /** Answers kept in memory in front of the file. */
  readonly memoryBytes?: number;
  /** The embedder a configuration names; undefined = it is not ready, and only canonical words match. Lexical by default. */
  readonly embedderOf?: (semantic: CacheConfig['semantic'], workspaceId: string) => Embedder | undefined;
  /** Where a configuration keeps its answers instead of SQLite; undefined = in SQLite. */
  readonly sharedStoreOf?: (config: CacheConfig, workspaceId: string) => EntryStore | undefined;
  /** Says where a workspace keeps its answers before it has asked anything. */
  readonly configOf?: (workspaceId: string) => CacheConfig;
}

const defaultMemoryBytes = 16 * 1024 * 1024;
const shadowBytes = 8 * 1024 * 1024;

interface Ticketed {
  readonly plan: PlannedUse;
  readonly store: EntryStore;
  readonly callId: string | undefined;
  /** Set while the provider is asked. */
  watched?: () => Watched | undefined;
}

/**
 * The answer cache over the service's database (`cacheSchema`). A look-up asks for the identical request first, then for the
 * same question in other words, then for the nearest question; each candidate of other wording has to pass the guards.
 */
export function createAnswerCache(deps: AnswerCacheDeps): KeptAnswerCache {
  const { clock, store, onProblem, memoryBytes = defaultMemoryBytes } = deps;
  const local = createSqliteEntryStore({ store, clock, onProblem, memoryBytes });
  /** What would have hit while a cache only watches. */
  const shadow = createMemoryEntryStore(shadowBytes);
  const trust = createTrust({ store, clock, onProblem });
  const finder = createFinder({ now: clock.now.bind(clock), judge: createJudge(), vetoes: trust });
  const watches = createWatches(clock, (error) => onProblem(watchingFailed(error)));
  const tickets = new WeakMap<CacheTicket, Ticketed>();
  /** What each workspace's configuration lets be on disk, when last seen. */
  const allowed = new Map<string, Kept>();
  const stores = new Map<string, EntryStore>();
  const embeddings = new WeakMap<Embedder, Embedding>();
  const lexical = createLexicalEmbedder();
  const embedderOf = deps.embedderOf ?? (() => lexical);

  return {
    lookup(request, scope, directives, configured, asking) {
      const { workspaceId } = scope;
      const entries = deps.sharedStoreOf?.(configured, workspaceId) ?? local;
      stores.set(workspaceId, entries);
      removeWhatIsOff(workspaceId, configured, entries);
      const config = withRouteModes(configured, asking?.route);
      const embedder = config.semantic.mode === 'off' ? undefined : embedderOf(config.semantic, workspaceId);
      const plan = planUse(request, scope, directives, config, embedder && embeddingOf(embedder));
      if ('bypass' in plan) return { outcome: 'bypass', reason: plan.bypass };
      const isLeftOut = plan.wording.mode === 'shadow' && !watches.take();
      return lookUp({ plan: isLeftOut ? unwatched(plan) : plan, store: entries, callId: asking?.callId }, asking);
    },
    store(ticket, answer, costPicoUsd, reply) {
      const ticketed = tickets.get(ticket);
      if (ticketed === undefined) return;
      const { plan, callId, watched } = ticketed;
      // A call must not find its own answer.
      watched?.();
      if (callId !== undefined) trust.answered(callId, answer);
      if (isWorthKeeping(answer, plan.wantsJson, reply)) {
        keepAnswer(plan, { answer, costPicoUsd, createdAtMs: clock.now() }, { kept: ticketed.store, shadow });
      }
    },
    clear(which) {
      shadow.clear(which);
      trust.forgetTexts(which.workspaceId);
      return storeOf(which.workspaceId).clear(which);
    },
    forget: (workspaceId, entryId) => storeOf(workspaceId).remove(entryId),
    stats: (workspaceId) => storeOf(workspaceId).stats(workspaceId),
    list: (which, page) => storeOf(which.workspaceId).list(which, page),
    pairs: trust.pairs,
    judge(workspaceId, pairId, verdict) {
      const pair = trust.judge(workspaceId, pairId, verdict, mayKeepTexts(workspaceId));
      if (pair === undefined || verdict === 'right') return pair;
      shadow.remove(pair.entryId);
      return whenKnown(storeOf(workspaceId).remove(pair.entryId), () => pair);
    },
    judged: trust.judged,
    sweep() {
      shadow.sweep(clock.now());
      return local.sweep(clock.now());
    },
    flush: () => local.flush(),
    close() {
      watches.close();
      local.close();
      shadow.close();
    },
  };

  function lookUp(ticketed: Ticketed, asking: AskingCall | undefined): CacheLookup | Promise<CacheLookup> {
    const { plan, store: entries } = ticketed;
    const ticket = plan.mayWrite ? ticketFor(ticketed) : {};
    if (!plan.mayRead) return { outcome: 'bypass', reason: 'noCache', ...ticket };
    return whenKnown(finder.find(entries, plan, 'on'), (kept): CacheLookup | Promise<CacheLookup> => {
      if (kept.match !== undefined) return served(ticketed, kept.match, asking);
      return whenKnown(finder.identical(shadow, plan, 'shadow'), (match) => {
        if (match !== undefined) return { ...shadowed(plan, match, asking), ...ticket };
        return missed(ticketed, kept, ticket, asking);
      });
    });
  }

  function served({ plan, store: entries }: Ticketed, match: CacheMatch, asking: AskingCall | undefined): CacheLookup {
    const { entry, similarity } = match;
    entries.used(entry.key);
    remember(plan, match, true, asking);
    const found = { answer: entry.answer, entryId: entry.key, ...shadowFound(entry, clock.now()) };
    return { outcome: hitNames[match.kind], found: similarity === undefined ? found : { ...found, similarity } };
  }

  function missed(
    ticketed: Ticketed,
    kept: Finding,
    ticket: { ticket?: CacheTicket },
    asking: AskingCall | undefined,
  ): CacheLookup {
    const { plan } = ticketed;
    const flight = plan.exact.mode === 'on' ? { flightKey: plan.key } : {};
    if (plan.wording.mode !== 'shadow') return { outcome: 'miss', ...reasonOf(plan, kept), ...ticket, ...flight };
    const watched = watches.later(() =>
      whenKnown(finder.reworded(shadow, plan, 'shadow'), (finding): Watched => {
        const reason = reasonOf(plan, finding);
        if (finding.match === undefined) return { outcome: 'miss', ...reason };
        return { ...shadowed(plan, finding.match, asking), ...reason };
      }),
    );
    ticketed.watched = watched;
    return { outcome: 'miss', ...ticket, ...flight, watched };
  }

  function shadowed(plan: PlannedUse, match: CacheMatch, asking: AskingCall | undefined): ShadowLookup {
    remember(plan, match, false, asking);
    const found = shadowFound(match.entry, clock.now());
    const { similarity } = match;
    return {
      outcome: shadowNames[match.kind],
      found: similarity === undefined ? found : { ...found, similarity },
    };
  }

  function remember(plan: PlannedUse, match: CacheMatch, isServed: boolean, asking: AskingCall | undefined): void {
    if (asking === undefined) return;
    const worded = match.kind === 'exact' ? undefined : plan.worded();
    trust.add({
      id: asking.callId,
      workspaceId: plan.scope.workspaceId,
      route: asking.route,
      match,
      served: isServed,
      asked: typeof worded === 'string' ? undefined : worded?.text,
      atMs: clock.now(),
    });
  }

  function ticketFor(ticketed: Ticketed): { ticket: CacheTicket } {
    const ticket = { exactKey: ticketed.plan.key };
    tickets.set(ticket, ticketed);
    return { ticket };
  }

  /** Judgements are in the clear, so they have no texts where answers are encrypted, or kept elsewhere. */
  function mayKeepTexts(workspaceId: string): boolean {
    return allowed.get(workspaceId) === 'questions' && storeOf(workspaceId) === local;
  }

  function storeOf(workspaceId: string | undefined): EntryStore {
    if (workspaceId === undefined) return local;
    const config = deps.configOf?.(workspaceId);
    const configured = config === undefined ? undefined : deps.sharedStoreOf?.(config, workspaceId);
    return configured ?? stores.get(workspaceId) ?? local;
  }

  function embeddingOf(embedder: Embedder): Embedding {
    const known = embeddings.get(embedder);
    if (known !== undefined) return known;
    let isReported = false;
    const embedding = createEmbedding(embedder, {
      clock,
      onFailure: (failed, error) => {
        if (!isReported) onProblem(embedderFailed(failed.id, error));
        isReported = true;
      },
    });
    embeddings.set(embedder, embedding);
    return embedding;
  }

  function removeWhatIsOff(workspaceId: string, config: CacheConfig, entries: EntryStore): void {
    const now = keptBy(config);
    if (allowed.get(workspaceId) === now) return;
    allowed.set(workspaceId, now);
    if (now !== 'questions') trust.forgetTexts(workspaceId);
    if (now === 'nothing') void entries.clear({ workspaceId });
    else if (now === 'answers') entries.forgetQuestions(workspaceId);
  }
}

const hitNames = { exact: 'hitExact', wording: 'hitWording', semantic: 'hitSemantic' } as const;
const shadowNames = { exact: 'shadowExact', wording: 'shadowWording', semantic: 'shadowSemantic' } as const;

/** Why no other wording was taken, as far as there is something to be said. */
function reasonOf(plan: PlannedUse, { objection }: Finding): { reason?: string } {
  const worded = plan.worded();
  const reason = objection ?? (typeof worded === 'string' ? worded : undefined);
  return reason === undefined ? {} : { reason };
}

/** Its wording is neither looked for nor kept. */
function unwatched(plan: PlannedUse): PlannedUse {
  return { ...plan, wording: { ...plan.wording, mode: 'off' }, worded: () => undefined };
}

function shadowFound(entry: CacheEntry, now: number): ShadowFound {
  const ageMs = Math.max(0, now - entry.createdAtMs);
  return { ageMs, ...(entry.costPicoUsd === undefined ? {} : { costPicoUsd: entry.costPicoUsd }) };
}
