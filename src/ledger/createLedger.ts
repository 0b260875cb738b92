import { type StoreError, storeErrorOf } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { attemptParameters, insertAttempt } from './attemptColumns.ts';
import { callParameters, insertCall } from './callColumns.ts';
import type { CallWithAttempts, Ledger } from './ledger.ts';
import { createOverviewReader } from './overview/readOverview.ts';
import { createSpendReader } from './readSpend.ts';
import { createRollup } from './rollup/createRollup.ts';
import { entrySums, spendOf } from './spendSums.ts';
import { createSpendWindows, isInWindow } from './spendWindows.ts';

/** `rowsDropped` counts calls whose rows had to be given up since the last report. */
export interface LedgerProblem {
  readonly error: StoreError;
  readonly rowsDropped: number;
}

export interface LedgerOptions {
  readonly store: Store;
  /** Told once when rows cannot be written, and again only after writing worked in between or rows were dropped. */
  readonly onProblem: (problem: LedgerProblem) => void;
  readonly setTimer?: (run: () => void, delayMs: number) => NodeJS.Timeout;
}

const commitWithinMs = 250;
const retryFailedMs = 5_000;
/** Rows of about 1 kB: what is kept in memory while the disk is full. */
const maxWaiting = 20_000;
/** Committing sooner under load bounds both memory and the length of one transaction. */
const commitAt = 1_000;

/** The ledger over the store's `ledgerSchema` tables. */
export function createLedger({ store, onProblem, setTimer = setTimeout }: LedgerOptions): Ledger {
  const callStatement = store.database.prepare(insertCall);
  const attemptStatement = store.database.prepare(insertAttempt);
  const rollup = createRollup(store.database);
  const reader = createSpendReader(store);
  const windows = createSpendWindows(reader);
  const overviews = createOverviewReader(store.database, reader);
  let waiting: CallWithAttempts[] = [];
  let timer: NodeJS.Timeout | undefined;
  let failing = false;
  let dropped = 0;
  let closed = false;

  /** What of it was not there yet. */
  const write = (entry: CallWithAttempts): CallWithAttempts[] => {
    const { call, attempts } = entry;
    const { changes } = callStatement.run(...callParameters(call, attempts), rollup.topicOf(entry));
    if (Number(changes) === 0) return [];
    const written = attempts.filter(
      (attempt) => attemptStatement.run(...attemptParameters(attempt, call)).changes !== 0,
    );
    return [{ call, attempts: written }];
  };

  /** Writes all of them or none; what was new counts from then on. */
  const writeTogether = (entries: readonly CallWithAttempts[]): StoreError | undefined => {
    try {
      const written = store.transaction(() => {
        const rows = entries.flatMap(write);
        rollup.add(rows);
        return rows;
      });
      for (const entry of written) windows.add(entry);
      return undefined;
    } catch (error) {
      rollup.forget();
      return storeErrorOf(error, 'The ledger');
    }
  };

  const commit = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const problem = writeTogether(waiting);
    if (problem === undefined) settle([], undefined);
    // Not the database but a row that it refuses: the others must not wait for it.
    else if (problem.reason === 'refused') commitOneByOne();
    else settle(waiting, problem);
  };

  const commitOneByOne = (): void => {
    const left: CallWithAttempts[] = [];
    let last: StoreError | undefined;
    for (const entry of waiting) {
      const problem = writeTogether([entry]);
      if (problem === undefined) continue;
      last = problem;
      if (problem.reason === 'refused') dropped += 1;
      else left.push(entry);
    }
    settle(left, last);
  };

  const settle = (left: CallWithAttempts[], problem: StoreError | undefined): void => {
    const excess = Math.max(0, left.length - maxWaiting);
    waiting = left.slice(excess);
    dropped += excess;
    if (problem !== undefined && (!failing || dropped > 0)) {
      onProblem({ error: problem, rowsDropped: dropped });
      dropped = 0;
    }
    failing = waiting.length > 0;
    if (failing) timer = setTimer(commit, retryFailedMs);
  };

  return {
    record: (call, attempts) => {
      if (closed) return;
      waiting.push({ call, attempts });
      if (waiting.length >= commitAt && !failing) commit();
      else timer ??= setTimer(commit, commitWithinMs);
    },
    flush: commit,
    spend: (query) => {
      commit();
      const pending = waiting.filter((entry) => isInWindow(entry, query));
      const sums = spendOf([...windows.sums(query), ...pending.flatMap(entrySums)]);
      return {
        workspaceId: query.workspaceId,
        fromMs: query.fromMs,
        toMs: query.toMs,
        ...sums,
        lastCalls: [...pending.toReversed(), ...reader.lastCalls(query)]
          .sort((a, b) => b.call.startedAtMs - a.call.startedAtMs)
          .slice(0, query.lastCalls),
      };
    },
    overview: (query) => {
      commit();
      return overviews.read(query);
    },
    totals: (window) => {
      commit();
      return spendOf(windows.sums(window)).totals;
    },
    close: () => {
      commit();
      closed = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
