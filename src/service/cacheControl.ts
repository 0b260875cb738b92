import * as z from 'zod';
import type {
  CachedPair,
  CalibrateCache,
  CalibrationReport,
  ClearedCache,
  ForgetAnswer,
  ForgottenAnswer,
  JudgeCache,
  KeptAnswers,
  TrustReport,
  WhichAnswers,
} from './api.ts';
import { numberIn, type Operations } from './controlOperation.ts';
import { readControlBody } from './readControlBody.ts';

/** The cache as the control plane needs it. */
export interface CacheOperations {
  /** Removes answers; returns how many there were. */
  clearCache(which: WhichAnswers): Promise<number>;
  /** What is kept, newest first. */
  cachedAnswers(
    which: WhichAnswers,
    page: { readonly beforeMs?: number; readonly limit: number },
  ): Promise<KeptAnswers>;
  /** Removes one answer, as wrong where it was. */
  forgetAnswer(request: ForgetAnswer): Promise<ForgottenAnswer>;
  /** Throws `ControlRefused` where the embedder cannot be asked. */
  calibrateCache(request: CalibrateCache): Promise<CalibrationReport>;
  /** Answers to other wording, and what was said about them. */
  cacheTrust(workspaceId: string, limit: number): TrustReport;
  /** Throws `ControlRefused` where the pair is gone. */
  judgeCache(request: JudgeCache): Promise<CachedPair>;
}

const calibrateCache = z.object({
  workspaceId: z.string(),
  embedder: z.string().optional(),
  falseHitRate: z.number().min(0).max(0.5),
});
const judgeCache = z.object({
  workspaceId: z.string(),
  pairId: z.string().min(1),
  verdict: z.enum(['right', 'wrong']),
});
const forgetAnswer = z.object({ workspaceId: z.string(), entryId: z.string().min(1), isWrong: z.boolean() });
/** Pairs, or answers, in one reply. */
const most = 400;

/**
 * The control plane's `/cache…`.
 * @param known yields the id of a workspace, and throws `ControlRefused` where there is none
 */
export function cacheControl(cache: CacheOperations, known: (workspaceId: string) => string): Operations {
  const whichIn = (query: URLSearchParams): WhichAnswers => {
    const [model, session] = [query.get('model'), query.get('session')];
    return {
      workspaceId: known(query.get('workspace') ?? ''),
      ...(model === null ? {} : { model }),
      ...(session === null ? {} : { session }),
    };
  };
  return {
    'DELETE /cache': async ({ query }): Promise<ClearedCache> => ({ removed: await cache.clearCache(whichIn(query)) }),
    'GET /cache/entries': ({ query }) => {
      const before = query.has('before') ? { beforeMs: numberIn(query, 'before') } : {};
      return cache.cachedAnswers(whichIn(query), { ...before, limit: Math.min(most, numberIn(query, 'limit')) });
    },
    'POST /cache/forget': async ({ request }) => {
      const body = await readControlBody(request, forgetAnswer);
      known(body.workspaceId);
      return cache.forgetAnswer(body);
    },
    'POST /cache/calibrate': async ({ request }) => {
      const { embedder, ...rest } = await readControlBody(request, calibrateCache);
      known(rest.workspaceId);
      return cache.calibrateCache({ ...rest, ...(embedder === undefined ? {} : { embedder }) });
    },
    'GET /cache/pairs': ({ query }) =>
      cache.cacheTrust(known(query.get('workspace') ?? ''), Math.min(most, numberIn(query, 'limit'))),
    'POST /cache/judge': async ({ request }) => {
      const judged = await readControlBody(request, judgeCache);
      known(judged.workspaceId);
      return cache.judgeCache(judged);
    },
  };
}
