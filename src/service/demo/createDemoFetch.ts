import { openAiEndpoints } from '../../batch/requestRow.ts';
import { isJsonObject } from '../../wire/json.ts';
import { answerAtPath } from './answerAtPath.ts';
import type { DemoAnswer } from './createDemoAnswer.ts';
import { type DemoBatchApi, demoBatchFetch } from './demoBatchApi.ts';

/** The demo provider as an SDK's client reaches it without a socket: batches, and single calls to try one. */
export function createDemoFetch(batches: DemoBatchApi, answer: DemoAnswer): typeof fetch {
  const fetchBatches = demoBatchFetch(batches);
  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const path = openAiEndpoints.find((endpoint) => pathname.endsWith(endpoint.slice('/v1'.length)));
    if (path === undefined || init?.method !== 'POST') return fetchBatches(input, init);
    const body: unknown = await new Response(init.body).json();
    if (!isJsonObject(body)) return Response.json({ error: { message: 'not a JSON object' } }, { status: 400 });
    return Response.json(await answerAtPath(answer, path, body));
  };
}
