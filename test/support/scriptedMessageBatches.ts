import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Anthropic's Message Batches, of our own making: there is no independent stand-in that reaches `ended`. Objects, states
 * and result lines are those of the examples in Anthropic's guide to batch processing and its API reference; limits and
 * refusals are the documented ones. It says what we understood, not what Anthropic does.
 */
export interface ScriptedMessageBatches {
  readonly baseUrl: string;
  readonly script: MessageScript;
  readonly batches: ScriptedMessageBatch[];
  /** `METHOD /path` of every request, in order. */
  readonly requests: readonly string[];
  /** Headers of the last request. */
  readonly lastHeaders: () => Readonly<Record<string, string | string[] | undefined>>;
  /** Somebody else's batch of so many requests. */
  addForeign(size: number, status?: string): ScriptedMessageBatch;
  stop(): Promise<void>;
}

export interface MessageRequest {
  readonly custom_id: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface ScriptedMessageBatch {
  readonly id: string;
  status: string;
  readonly requests: readonly MessageRequest[];
  cancelled: boolean;
  polls: number;
}

export type MessageResult =
  | { readonly type: 'succeeded'; readonly message: object }
  | { readonly type: 'errored'; readonly error: object }
  | { readonly type: 'canceled' }
  | { readonly type: 'expired' };

export interface MessageFault {
  /** Of `METHOD /path`. */
  readonly on: RegExp;
  times: number;
  /** `drop`: no answer, nothing done. `dropAfter`: done, but not answered. */
  readonly effect:
    | 'drop'
    | 'dropAfter'
    | { readonly status: number; readonly body: object; readonly headers?: Record<string, string> };
}

export interface MessageScript {
  apiKey: string;
  /** Statuses at each look, the last one stays. */
  statuses: string[];
  result: (request: MessageRequest, index: number) => MessageResult | undefined;
  order: (lines: string[]) => string[];
  faults: MessageFault[];
  /** Bytes of a creation above which it is refused with 413. */
  maxBytes: number;
  maxRequests: number;
  /** Where `results_url` points. */
  resultsHost: string;
  /** Batches that retrieve does not know. */
  hidden: Set<string>;
}

/** The example answer of the guide, with a usage of every cache kind. */
export function messageAnswer(request: MessageRequest, text = `answer to ${request.custom_id}`): MessageResult {
  return {
    type: 'succeeded',
    message: {
      id: 'msg_014VwiXbi91y3JMjcpyGBHX5',
      type: 'message',
      role: 'assistant',
      model: request.params.model,
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 11,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 200,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 36,
        service_tier: 'batch',
      },
    },
  };
}

/** The shape of the reference's `errored` line. */
export function messageError(type: string, message: string): MessageResult {
  return { type: 'errored', error: { type: 'error', error: { type, message }, request_id: 'req_1' } };
}

const customId = /^[a-zA-Z0-9_-]{1,64}$/;

export async function startScriptedMessageBatches(
  changes: Partial<MessageScript> = {},
): Promise<ScriptedMessageBatches> {
  const script: MessageScript = {
    apiKey: 'test-key',
    statuses: ['in_progress', 'ended'],
    result: (request) => messageAnswer(request),
    order: (lines) => lines,
    faults: [],
    maxBytes: 256_000_000,
    maxRequests: 100_000,
    resultsHost: 'https://elsewhere.invalid',
    hidden: new Set(),
    ...changes,
  };
  const batches: ScriptedMessageBatch[] = [];
  const requests: string[] = [];
  let headers: Readonly<Record<string, string | string[] | undefined>> = {};
  let nextId = 1;

  const add = (asked: readonly MessageRequest[], status: string): ScriptedMessageBatch => {
    const batch = { id: `msgbatch_${nextId++}`, status, requests: asked, cancelled: false, polls: 0 };
    batches.push(batch);
    return batch;
  };
  const resultsOf = (batch: ScriptedMessageBatch): { id: string; result: MessageResult }[] =>
    batch.requests.flatMap((request, index) => {
      const result = script.result(request, index);
      return result === undefined ? [] : [{ id: request.custom_id, result }];
    });

  const objectOf = (batch: ScriptedMessageBatch): object => {
    const isEnded = batch.status === 'ended';
    const types = isEnded ? resultsOf(batch).map(({ result }) => result.type) : [];
    const count = (type: string): number => types.filter((one) => one === type).length;
    return {
      id: batch.id,
      type: 'message_batch',
      processing_status: batch.status,
      request_counts: {
        processing: isEnded ? 0 : batch.requests.length,
        succeeded: count('succeeded'),
        errored: count('errored'),
        canceled: count('canceled'),
        expired: count('expired'),
      },
      created_at: '2024-09-24T18:37:24.100435Z',
      expires_at: '2024-09-25T18:37:24.100435Z',
      ended_at: isEnded ? '2024-09-24T19:37:24.100435Z' : null,
      archived_at: null,
      cancel_initiated_at: batch.cancelled ? '2024-09-24T18:39:03.114875Z' : null,
      results_url: isEnded ? `${script.resultsHost}/v1/messages/batches/${batch.id}/results` : null,
    };
  };
  const advance = (batch: ScriptedMessageBatch): void => {
    if (batch.status === 'ended') return;
    if (batch.status !== 'canceling')
      batch.status = script.statuses[Math.min(batch.polls, script.statuses.length - 1)] ?? batch.status;
    else batch.status = 'ended';
    batch.polls += 1;
  };
  const create = (text: string): Answer => {
    if (Buffer.byteLength(text) > script.maxBytes)
      return refusal(413, 'request_too_large', 'Request exceeds the maximum allowed number of bytes.');
    const body: { readonly requests?: readonly MessageRequest[] } = JSON.parse(text);
    const asked = body.requests ?? [];
    if (asked.length === 0) return refusal(400, 'invalid_request_error', 'requests: at least one is required');
    if (asked.length > script.maxRequests)
      return refusal(400, 'invalid_request_error', `requests: at most ${script.maxRequests}`);
    const seen = new Set<string>();
    for (const [index, { custom_id: id }] of asked.entries()) {
      if (!customId.test(id))
        return refusal(400, 'invalid_request_error', `requests.${index}.custom_id: String should match the pattern`);
      if (seen.has(id)) return refusal(400, 'invalid_request_error', `requests.${index}.custom_id: must be unique`);
      seen.add(id);
    }
    return { status: 200, body: objectOf(add(asked, 'in_progress')) };
  };

  const answer = async (request: IncomingMessage, url: URL): Promise<Answer> => {
    if (request.headers['x-api-key'] !== script.apiKey)
      return refusal(401, 'authentication_error', 'invalid x-api-key');
    if (request.headers['anthropic-version'] === undefined)
      return refusal(400, 'invalid_request_error', 'anthropic-version: header is required');
    if (request.method === 'POST' && url.pathname === '/v1/messages') {
      const params: MessageRequest['params'] = JSON.parse(await textOf(request));
      const result = script.result({ custom_id: 'live', params }, 0);
      return result?.type === 'succeeded'
        ? { status: 200, body: result.message }
        : refusal(400, 'invalid_request_error', 'refused');
    }
    const [, , , collection, id, action] = url.pathname.split('/');
    if (collection !== 'batches') return refusal(404, 'not_found_error', 'Not found');
    if (id === undefined)
      return request.method === 'POST' ? create(await textOf(request)) : { status: 200, body: page(url.searchParams) };
    const batch = batches.find((one) => one.id === id && !script.hidden.has(id));
    if (batch === undefined) return refusal(404, 'not_found_error', `batch ${id} not found`);
    if (action === 'results') {
      if (batch.status !== 'ended') return refusal(400, 'invalid_request_error', 'has not ended');
      const lines = resultsOf(batch).map(({ id: custom_id, result }) => JSON.stringify({ custom_id, result }));
      return { status: 200, body: `${script.order(lines).join('\n')}\n` };
    }
    if (action === 'cancel') {
      if (batch.status === 'ended') return refusal(400, 'invalid_request_error', 'has already ended');
      batch.status = 'canceling';
      batch.cancelled = true;
    } else advance(batch);
    return { status: 200, body: objectOf(batch) };
  };

  const page = (query: URLSearchParams): object => {
    const newest = batches.toReversed();
    const after = query.get('after_id');
    const from = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1;
    const limit = Number(query.get('limit') ?? 20);
    const data = newest.slice(from, from + limit);
    return {
      data: data.map(objectOf),
      has_more: from + limit < newest.length,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = `${request.method} ${url.pathname}`;
    requests.push(name);
    headers = request.headers;
    const fault = script.faults.find(({ on, times }) => times > 0 && on.test(name));
    if (fault !== undefined) fault.times -= 1;
    if (fault?.effect === 'drop') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && typeof fault.effect === 'object') {
      request.resume();
      send(response, fault.effect, fault.effect.headers);
      return;
    }
    const answered = await answer(request, url);
    if (fault?.effect === 'dropAfter') request.socket.destroy();
    else send(response, answered);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error('scripted server failed'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    script,
    batches,
    requests,
    lastHeaders: () => headers,
    addForeign: (size, status = 'in_progress') =>
      add(
        Array.from({ length: size }, (_, index) => ({ custom_id: `theirs-${index}`, params: { model: 'other' } })),
        status,
      ),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: object | string;
}

function send(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'application/x-jsonl' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function refusal(status: number, type: string, message: string): Answer {
  return { status, body: { type: 'error', error: { type, message }, request_id: 'req_1' } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
