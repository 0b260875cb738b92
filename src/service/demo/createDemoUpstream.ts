import type { Catalog } from '../../catalog/catalog.ts';
import type { HeaderPairs, ProxyResponse, Upstream, UpstreamRequest } from '../../proxy/exchange.ts';
import { UpstreamFailed } from '../../proxy/upstreamFailed.ts';
import type { Dialect } from '../../wire/dialect.ts';
import { errorBody } from '../../wire/errorBody.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { BodyEndpoint, ParsedRequest } from '../../wire/parsedRequest.ts';
import { dialectOf, parseRequest } from '../../wire/parseRequest.ts';
import { replayAnswer } from '../../wire/replayAnswer.ts';
import { readRequestPath } from '../../wire/requestPath.ts';
import { storedAnswerOf } from '../../wire/storedAnswerOf.ts';
import { callDemoBatches } from './callDemoBatches.ts';
import type { DemoAnswer } from './createDemoAnswer.ts';
import type { DemoBatchApi } from './demoBatchApi.ts';
import { readWholeMessage } from './readWholeMessage.ts';

export interface DemoUpstreamDeps {
  readonly answer: DemoAnswer;
  readonly catalog: Pick<Catalog, 'models'>;
  readonly batches: DemoBatchApi;
}

/** On every answer of the demo provider. */
export const demoHeader = ['x-tollgate-demo', '1'] as const;

/** The built-in provider: answers `demo:/v1/…` in both dialects, on this machine, without a key. */
export function createDemoUpstream(deps: DemoUpstreamDeps): Upstream {
  return async (request) => {
    const path = readRequestPath(request.method, request.url.slice('demo:'.length));
    if (path.endpoint === 'models') return listModels(request, deps.catalog);
    if (path.endpoint === undefined)
      return (await callDemoBatches(deps.batches, request, path.rest + path.query)) ?? notHere(request);
    const read = parseRequest(path.endpoint, await readWholeMessage(request.body));
    if ('problem' in read)
      return refusal(dialectOf(path.endpoint), 400, 'invalid_json', 'The body is not a JSON object.');
    if (read.request.model === '')
      return refusal(read.request.dialect, 400, 'missing_required_parameter', 'The body names no model.', 'model');
    return answered(path.endpoint, read.request, await deps.answer(read.request), request.signal);
  };
}

function answered(
  endpoint: BodyEndpoint,
  request: ParsedRequest,
  reply: JsonObject,
  signal: AbortSignal,
): ProxyResponse {
  const bytes = request.stream ? replayAnswer(storedAnswerOf(endpoint, reply, {}), request) : undefined;
  if (bytes === undefined) return json(200, reply);
  const headers: HeaderPairs = [['content-type', 'text/event-stream; charset=utf-8'], demoHeader];
  return { status: 200, headers, body: eventByEvent(bytes, signal) };
}

/** As a provider would send it: one event at a time, with the loop free in between. */
async function* eventByEvent(bytes: Uint8Array, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n\n', start);
    const next = end < 0 ? text.length : end + 2;
    await new Promise(setImmediate);
    if (signal.aborted) throw new UpstreamFailed('aborted', 'the client went away');
    yield text.subarray(start, next);
    start = next;
  }
}

function listModels(request: UpstreamRequest, catalog: Pick<Catalog, 'models'>): ProxyResponse {
  const isAnthropic = request.headers.some(([name]) => name.toLowerCase() === 'anthropic-version');
  const provider = isAnthropic ? 'anthropic' : 'openai';
  const ids = [...catalog.models()].filter((model) => model.provider === provider).map(({ id }) => id);
  if (!isAnthropic)
    return json(200, {
      object: 'list',
      data: ids.map((id) => ({ id, object: 'model', created: 0, owned_by: 'demo' })),
    });
  const data = ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' }));
  return json(200, { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null });
}

function notHere({ headers }: UpstreamRequest): ProxyResponse {
  const dialect = headers.some(([name]) => name.toLowerCase() === 'anthropic-version') ? 'anthropic' : 'openai';
  const message =
    'The built-in demo provider has no such endpoint. It answers chat, responses, messages, embeddings, files and batches.';
  return refusal(dialect, 404, 'not_found', message);
}

function refusal(dialect: Dialect, status: number, code: string, message: string, param?: string): ProxyResponse {
  const error = { type: 'invalid_request_error', code, message, ...(param === undefined ? {} : { param }) };
  return { status, headers: jsonHeaders, body: errorBody(dialect, status, error) };
}

const jsonHeaders: HeaderPairs = [['content-type', 'application/json'], demoHeader];

function json(status: number, value: JsonObject): ProxyResponse {
  return { status, headers: jsonHeaders, body: Buffer.from(JSON.stringify(value)) };
}
