import type { Store } from '../../store/store.ts';
import type { StoredAnswer } from '../../wire/storedAnswer.ts';
import type { CacheClock } from '../entryStore.ts';
import { cacheUnusable } from '../errors.ts';
import type { CachedPair, JudgedPair, PairFilter, Verdict } from './cachedPair.ts';
import { JudgementTable } from './judgementTable.ts';
import { createPairLog, type PairRecord } from './pairLog.ts';
import { createVetoes, pairDigest, type Vetoes } from './vetoes.ts';

export interface TrustDeps {
  readonly store: Pick<Store, 'database'>;
  readonly clock: Pick<CacheClock, 'now'>;
  readonly onProblem: (message: string) => void;
}

/** What was served or would have been, and what people said about it. No method throws. */
export interface Trust extends Pick<Vetoes, 'has'> {
  add(record: PairRecord): void;
  answered(callId: string, answer: StoredAnswer): void;
  pairs(which: PairFilter): readonly CachedPair[];
  /** Undefined where the pair is not remembered any more. */
  judge(workspaceId: string, pairId: string, verdict: Verdict, withTexts: boolean): CachedPair | undefined;
  judged(workspaceId: string): readonly JudgedPair[];
  /** Judgements stay, as figures. */
  forgetTexts(workspaceId: string | undefined): void;
}

export function createTrust({ store, clock, onProblem }: TrustDeps): Trust {
  const table = new JudgementTable(store.database);
  const log = createPairLog();
  const vetoes = createVetoes(guarded(() => table.vetoes()) ?? []);

  return {
    has: vetoes.has,
    add: log.add,
    answered: log.answered,
    pairs: log.list,
    judge(workspaceId, pairId, verdict, withTexts) {
      const pair = log.get(workspaceId, pairId);
      if (pair === undefined) return undefined;
      const digest = pairDigest(pair.asked ?? pair.entryId, pair.matched ?? pair.entryId);
      guarded(() => table.put({ pair, digest, verdict, atMs: clock.now(), withTexts }));
      log.judged(pairId, verdict);
      if (pair.kind !== 'exact') {
        if (verdict === 'wrong') vetoes.add(workspaceId, digest);
        else vetoes.remove(workspaceId, digest);
      }
      return { ...pair, verdict };
    },
    judged: (workspaceId) => guarded(() => table.list(workspaceId)) ?? [],
    forgetTexts(workspaceId) {
      log.clear(workspaceId);
      guarded(() => table.forgetTexts(workspaceId));
    },
  };

  function guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      onProblem(cacheUnusable(error));
      return undefined;
    }
  }
}
