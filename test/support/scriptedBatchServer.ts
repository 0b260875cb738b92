import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An OpenAI-shaped batch API of our own, made from the lines that OpenAI's batch guide and API reference show: for what
 * no independent stand-in has (expired with partial output, `error: null` with a 4xx, `token_limit_exceeded`, faults while
 * polling, result files that are gone, lost handles). It says what we understood, not what OpenAI does.
 */
export interface ScriptedBatchServer {
  readonly baseUrl: string;
  readonly script: Script;
  readonly batches: readonly ScriptedBatch[];
  /** `METHOD /path` of every request, in order. */
  readonly requests: readonly string[];
  /** Uploaded and produced files by id; delete one and it is gone. */
  readonly files: Map<string, string>;
  stop(): Promise<void>;
}

export interface ScriptedBatch {
  id: string;
  status: string;
  readonly inputFileId: string;
  readonly endpoint: string;
  readonly metadata: Record<string, string>;
  outputFileId: string | null;
  errorFileId: string | null;
  errors: readonly object[];
  polls: number;
  counts: { total: number; completed: number; failed: number };
}

export interface RequestLine {
  readonly custom_id: string;
  readonly method: string;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What becomes of one request: a status and body, a top-level error, or no line at all. */
export type ScriptedResult =
  | { readonly status: number; readonly body: object }
  | { readonly error: { readonly code: string; readonly message: string } }
  | undefined;

export interface Fault {
  /** Of `METHOD /path`. */
  readonly on: RegExp;
  times: number;
  /** `drop`: no answer, nothing done. `dropAfter`: done, but not answered. */
  readonly effect:
    | 'drop'
    | 'dropAfter'
    | { readonly status: number; readonly body: object; readonly headers?: Record<string, string> };
}

export interface Script {
  apiKey: string;
  /**
   * Azure's key header and path (learn.microsoft.com, Azure OpenAI v1 API), or Together's upload, objects and listing
   * (docs.together.ai/reference, files and batches).
   */
  shape: 'openai' | 'azure' | 'together';
  /** Statuses at each look, the last one stays. */
  statuses: string[];
  errors: readonly object[];
  result: (line: RequestLine, index: number) => ScriptedResult;
  /** Order of the lines in the result files. */
  order: (lines: string[]) => string[];
  faults: Fault[];
  /** No batch object has the metadata it was made with. */
  forgetsMetadata: boolean;
  /** Batches that retrieve does not know. */
  hidden: Set<string>;
  /** On the batch object, once it has ended. */
  usage: object | undefined;
  /** Ends of batches that name no files. */
  omitFiles: boolean;
}

/** OpenAI's example answer, with a usage that depends on the request. */
export function chatAnswer(line: RequestLine, content = `answer to ${line.custom_id}`): ScriptedResult {
  return {
    status: 200,
    body: {
      id: 'chatcmpl-123',
      object: 'chat.completion',
      created: 1711652795,
      model: line.body.model,
      choices: [{ index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 22, completion_tokens: 2, total_tokens: 24 },
      system_fingerprint: 'fp_123',
    },
  };
}

export const expiredError = {
  code: 'batch_expired',
  message: 'This request could not be executed before the completion window expired.',
} as const;

const terminal = new Set(['completed', 'failed', 'expired', 'cancelled']);

export async function startScriptedBatchServer(changes: Partial<Script> = {}): Promise<ScriptedBatchServer> {
  const script: Script = {
    apiKey: 'test-key',
    shape: 'openai',
    statuses: ['validating', 'in_progress', 'finalizing', 'completed'],
    errors: [],
    result: (line) => chatAnswer(line),
    order: (lines) => lines,
    faults: [],
    forgetsMetadata: false,
    hidden: new Set(),
    usage: undefined,
    omitFiles: false,
    ...changes,
  };
  const batches: ScriptedBatch[] = [];
  const files = new Map<string, string>();
  const requests: string[] = [];
  let nextId = 1;

  const linesOf = (batch: ScriptedBatch): RequestLine[] =>
    (files.get(batch.inputFileId) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): RequestLine => JSON.parse(line));

  const finish = (batch: ScriptedBatch): void => {
    if (batch.status === 'failed') {
      batch.errors = script.errors;
      return;
    }
    const output: string[] = [];
    const failed: string[] = [];
    for (const [index, line] of linesOf(batch).entries()) {
      const result = script.result(line, index);
      if (result === undefined) continue;
      const id = `batch_req_${index}`;
      if ('error' in result)
        failed.push(JSON.stringify({ id, custom_id: line.custom_id, response: null, error: result.error }));
      else {
        const response = { status_code: result.status, request_id: `req_${index}`, body: result.body };
        const text = JSON.stringify({ id, custom_id: line.custom_id, response, error: null });
        (result.status === 200 ? output : failed).push(text);
      }
    }
    batch.counts = { total: linesOf(batch).length, completed: output.length, failed: failed.length };
    if (script.omitFiles) return;
    const keep = (lines: string[]): string | null => {
      if (lines.length === 0) return null;
      const id = `file-out${nextId++}`;
      files.set(id, `${script.order(lines).join('\n')}\n`);
      return id;
    };
    batch.outputFileId = keep(output);
    batch.errorFileId = keep(failed);
  };

  const advance = (batch: ScriptedBatch): void => {
    if (terminal.has(batch.status)) return;
    const next =
      batch.status === 'cancelling' ? 'cancelled' : script.statuses[Math.min(batch.polls, script.statuses.length - 1)];
    batch.polls += 1;
    batch.status = next ?? batch.status;
    if (terminal.has(batch.status)) finish(batch);
  };

  const togetherObject = (batch: ScriptedBatch): object => ({
    id: batch.id,
    user_id: 'user_789xyz012',
    input_file_id: batch.inputFileId,
    file_size_bytes: 1048576,
    status: batch.status.toUpperCase(),
    job_deadline: '2024-01-15T15:30:00Z',
    created_at: '2024-01-15T14:30:00Z',
    endpoint: batch.endpoint,
    progress: 75,
    model_id: 'meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo',
    output_file_id: batch.outputFileId ?? undefined,
    error_file_id: batch.errorFileId ?? undefined,
    ...(batch.errors.length === 0 ? {} : { error: 'The input file is not valid.' }),
  });
  const objectOf = (batch: ScriptedBatch): object =>
    (script.shape === 'together' ? togetherObject : openAiObject)(batch);
  const openAiObject = (batch: ScriptedBatch): object => ({
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    errors: batch.errors.length === 0 ? null : { object: 'list', data: batch.errors },
    input_file_id: batch.inputFileId,
    completion_window: '24h',
    status: batch.status,
    output_file_id: batch.outputFileId,
    error_file_id: batch.errorFileId,
    created_at: 1711471533,
    in_progress_at: 1711471538,
    expires_at: 1711557933,
    completed_at: terminal.has(batch.status) ? 1711493163 : null,
    request_counts: batch.counts,
    metadata: script.forgetsMetadata ? null : batch.metadata,
    ...(terminal.has(batch.status) && script.usage !== undefined ? { usage: script.usage } : {}),
  });

  const answer = async (request: IncomingMessage, path: URL): Promise<{ status: number; body: object | string }> => {
    const place = path.pathname.replace(script.shape === 'azure' ? /^\/openai\/v1/ : /^\/v1/, '');
    const route = `${request.method} ${place.split('/').slice(0, 2).join('/')}`;
    const { authorization, 'api-key': azureKey } = request.headers;
    const isKnown =
      script.shape === 'azure'
        ? azureKey === script.apiKey && authorization === undefined
        : authorization === `Bearer ${script.apiKey}`;
    if (!isKnown)
      return {
        status: 401,
        body: { error: { message: 'Incorrect API key provided: sk-abcdef123456.', code: 'invalid_api_key' } },
      };
    const [, , id = '', action] = place.split('/');
    if (route === 'POST /files') {
      const form = await new Response(await bodyOf(request), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData();
      const file = form.get('file');
      const isTogether = script.shape === 'together';
      if (isTogether !== (place === '/files/upload')) return notFound('no such path');
      const purpose = isTogether ? 'batch-api' : 'batch';
      if (isTogether && form.get('file_name') !== (file instanceof File ? file.name : ''))
        return { status: 400, body: { error: { message: 'file_name is required' } } };
      if (!(file instanceof File) || !file.name.endsWith('.jsonl') || form.get('purpose') !== purpose)
        return { status: 400, body: { error: { message: 'Invalid file format for Batch API. Must be .jsonl' } } };
      const fileId = `file-in${nextId++}`;
      files.set(fileId, await file.text());
      return {
        status: 200,
        body: { id: fileId, object: 'file', bytes: file.size, filename: file.name, purpose: 'batch' },
      };
    }
    if (request.method === 'POST' && place === '/chat/completions') {
      const body: RequestLine['body'] = JSON.parse((await bodyOf(request)).toString('utf8'));
      const result = script.result({ custom_id: 'live', method: 'POST', url: '/v1/chat/completions', body }, 0);
      return result !== undefined && 'status' in result ? result : notFound('no answer');
    }
    if (route === 'GET /files' && action === 'content') {
      const text = files.get(id);
      return text === undefined ? notFound(`No such File object: ${id}`) : { status: 200, body: text };
    }
    if (route === 'POST /batches' && id === '') {
      const asked: {
        input_file_id: string;
        endpoint: string;
        completion_window: string;
        metadata?: Record<string, string>;
      } = JSON.parse((await bodyOf(request)).toString('utf8'));
      if (!files.has(asked.input_file_id)) return notFound('No such File object');
      if (asked.completion_window !== '24h' || (script.shape === 'together' && asked.metadata !== undefined))
        return { status: 400, body: { error: { message: 'Unknown field' } } };
      const batch: ScriptedBatch = {
        id: `batch_${nextId++}`,
        status: 'validating',
        inputFileId: asked.input_file_id,
        endpoint: asked.endpoint,
        metadata: asked.metadata ?? {},
        outputFileId: null,
        errorFileId: null,
        errors: [],
        polls: 0,
        counts: { total: 0, completed: 0, failed: 0 },
      };
      batches.push(batch);
      return { status: 200, body: script.shape === 'together' ? { job: objectOf(batch) } : objectOf(batch) };
    }
    if (route === 'GET /batches' && id === '') return { status: 200, body: page(path.searchParams) };
    const batch = batches.find((one) => one.id === id && !script.hidden.has(id));
    if (batch === undefined) return notFound(`No batch found with id '${id}'.`);
    if (action === 'cancel') {
      if (terminal.has(batch.status))
        return { status: 400, body: { error: { message: `Cannot cancel a batch with status '${batch.status}'.` } } };
      batch.status = 'cancelling';
    } else advance(batch);
    return { status: 200, body: objectOf(batch) };
  };

  const page = (query: URLSearchParams): object => {
    const newest = batches.toReversed();
    if (script.shape === 'together') return newest.map(objectOf);
    const after = query.get('after');
    const from = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1;
    const limit = Number(query.get('limit') ?? 20);
    const data = newest.slice(from, from + limit).map(objectOf);
    return { object: 'list', data, has_more: from + limit < newest.length };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = `${request.method} ${path.pathname}`;
    requests.push(name);
    const fault = script.faults.find(({ on, times }) => times > 0 && on.test(name));
    if (fault !== undefined) fault.times -= 1;
    if (fault?.effect === 'drop') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && typeof fault.effect === 'object') {
      request.resume();
      send(response, fault.effect.status, fault.effect.body, fault.effect.headers);
      return;
    }
    const { status, body } = await answer(request, path);
    if (fault?.effect === 'dropAfter') request.socket.destroy();
    else send(response, status, body);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error('scripted server failed'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    script,
    batches,
    requests,
    files,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'application/octet-stream' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function notFound(message: string): { status: number; body: object } {
  return { status: 404, body: { error: { message, type: 'invalid_request_error', param: null, code: null } } };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}
