import type { StoredAnswer } from '../../wire/storedAnswer.ts';
import { answerExcerpt } from '../answerTexts.ts';
import type { CacheMatch } from '../findAnswer.ts';
import type { CachedPair, PairFilter, Verdict } from './cachedPair.ts';

export interface PairRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly route: string | undefined;
  readonly match: CacheMatch;
  readonly served: boolean;
  readonly asked: string | undefined;
  readonly atMs: number;
}

/** The last answers that were served, or would have been. In memory only: it ends with the service. */
export interface PairLog {
  add(record: PairRecord): void;
  /** What the model said where the cache only watched. */
  answered(id: string, answer: StoredAnswer): void;
  get(workspaceId: string, id: string): CachedPair | undefined;
  list(which: PairFilter): readonly CachedPair[];
  judged(id: string, verdict: Verdict): void;
  clear(workspaceId: string | undefined): void;
}

interface Remembered {
  readonly record: PairRecord;
  modelAnswer?: string;
  verdict?: Verdict;
}

/** Of each workspace: as many as anybody judges in one go. */
const rememberedPairs = 400;
const excerptLength = 2000;
/** A longer answer is not held for the sake of its beginning. */
const maxAnswerLength = 32_768;

export function createPairLog(): PairLog {
  const logs = new Map<string, Map<string, Remembered>>();

  return {
    add(record) {
      const log = logs.get(record.workspaceId) ?? new Map<string, Remembered>();
      logs.set(record.workspaceId, log);
      log.set(record.id, { record: slim(record) });
      for (const id of log.keys()) {
        if (log.size <= rememberedPairs) break;
        log.delete(id);
      }
    },
    answered(id, answer) {
      const found = byId(id);
      if (found === undefined) return;
      const text = answerExcerpt(answer, excerptLength);
      if (text !== undefined) found.modelAnswer = text;
    },
    get(workspaceId, id) {
      const found = logs.get(workspaceId)?.get(id);
      return found && pairOf(found);
    },
    list({ workspaceId, unjudged = false, reworded = false, limit }) {
      return [...(logs.get(workspaceId)?.values() ?? [])]
        .filter(({ record, verdict }) => !(unjudged && verdict) && !(reworded && record.match.kind === 'exact'))
        .toReversed()
        .slice(0, limit)
        .map(pairOf);
    },
    judged(id, verdict) {
      const found = byId(id);
      if (found !== undefined) found.verdict = verdict;
    },
    clear(workspaceId) {
      if (workspaceId === undefined) logs.clear();
      else logs.delete(workspaceId);
    },
  };

  function byId(id: string): Remembered | undefined {
    for (const log of logs.values()) {
      const found = log.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function slim(record: PairRecord): PairRecord {
  const { entry } = record.match;
  if (entry.answer.json.length <= maxAnswerLength) return record;
  return { ...record, match: { ...record.match, entry: { ...entry, answer: { ...entry.answer, json: '' } } } };
}

function pairOf({ record, modelAnswer, verdict }: Remembered): CachedPair {
  const { id, workspaceId, route, match, served, asked, atMs } = record;
  const { kind, entry, similarity, embedder } = match;
  const answer = answerExcerpt(entry.answer, excerptLength);
  return {
    id,
    workspaceId,
    ...(route === undefined ? {} : { route }),
    kind,
    served,
    entryId: entry.key,
    model: `${entry.provider}/${entry.model}`,
    atMs,
    ageMs: Math.max(0, atMs - entry.createdAtMs),
    ...(similarity === undefined ? {} : { similarity }),
    ...(embedder === undefined ? {} : { embedder }),
    ...(asked === undefined ? {} : { asked }),
    ...(entry.question === undefined ? {} : { matched: entry.question }),
    ...(answer === undefined ? {} : { answer }),
    ...(modelAnswer === undefined ? {} : { modelAnswer }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}
