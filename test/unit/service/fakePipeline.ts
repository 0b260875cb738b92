import { trustReport } from '../../../src/cache/trust/trustReport.ts';
import type { ProxyRequest, ProxyResponse } from '../../../src/proxy/exchange.ts';
import type { Pipeline, PipelineContext } from '../../../src/service/pipeline.ts';
import { plainAttempt, plainCall } from '../ledger/rowsForTests.ts';

/**
 * A proxy that needs no provider: `/v1/models` answers at once, `/v1/slow` streams until the client or the service ends
 * it, and each leaves a row.
 */
export function fakePipeline({ ledger }: PipelineContext): Pipeline {
  let calls = 0;
  const record = (request: ProxyRequest, status: number): void => {
    calls += 1;
    const id = `${process.pid}-${calls}`;
    const nowMs = Date.now();
    const call = { ...plainCall(id), workspaceId: request.workspaceId, status, startedAtMs: nowMs, endedAtMs: nowMs };
    ledger.record(call, [plainAttempt(id)]);
  };
  const ticks = async function* (request: ProxyRequest): AsyncGenerator<Uint8Array, void> {
    try {
      while (!request.signal.aborted) {
        yield Buffer.from('tick\n');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      record(request, request.signal.aborted ? 499 : 200);
    }
  };
  const refuse = async (): Promise<never> => {
    throw new Error('no batch here');
  };
  return {
    handle: async (request): Promise<ProxyResponse> => {
      if (request.path === '/v1/slow') return { status: 200, headers: [], body: ticks(request) };
      record(request, 200);
      return { status: 200, headers: [], body: Buffer.from('{}') };
    },
    configStatus: () => ({ path: '/tollgate.jsonc', ok: true, demo: false, problems: [] }),
    isDemo: () => false,
    workspaceChanged: () => undefined,
    keysChanged: () => undefined,
    routes: () => ({ tiers: [], guards: [] }),
    limits: () => [],
    limitStandings: () => [],
    raiseLimit: () => ({ untilMs: 0 }),
    clearCache: () => Promise.resolve(0),
    cachedAnswers: refuse,
    forgetAnswer: refuse,
    calibrateCache: refuse,
    cacheTrust: () => trustReport([], []),
    judgeCache: refuse,
    batch: {
      plan: refuse,
      planAgain: refuse,
      tryOne: refuse,
      items: refuse,
      submit: refuse,
      jobs: () => [],
      cancel: refuse,
      collect: refuse,
      forget: refuse,
    },
    reconciliations: { reconcile: refuse, kept: () => [] },
    start: () => undefined,
    close: async () => undefined,
  };
}
