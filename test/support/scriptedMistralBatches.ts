import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chatAnswer, type Fault, type RequestLine, type ScriptedResult } from './scriptedBatchServer.ts';

/**
 * A batch API of our own in the image of Mistral's, made from its reference (docs.mistral.ai/api/endpoint/batch and
 * capabilities/batch, `BatchJobOut` of mistralai/client-python, 2026): for lack of an independent one. It says what we
 * understood, not what Mistral does.
 */
export interface ScriptedMistral {
  readonly baseUrl: string;
  readonly requests: readonly string[];
  readonly jobs: readonly MistralJob[];
  /** Uploaded and produced files by id. */
  readonly files: ReadonlyMap<string, string>;
  /** Bodies of calls that are answered at once. */
  readonly calls: readonly object[];
  statuses: string[];
  faults: Fault[];
  result: (line: Pick<RequestLine, 'custom_id' | 'body'>) => ScriptedResult;
  stop(): Promise<void>;
}

export interface MistralJob {
  readonly id: string;
  readonly model: string;
  readonly endpoint: string;
  readonly inputFile: string;
  readonly metadata: object;
  status: string;
  polls: number;
  outputFile: string | null;
  errorFile: string | null;
  counts: { total: number; succeeded: number; failed: number };
}

interface Answered {
  readonly status: number;
  readonly body: object | string;
}

const terminal = new Set(['SUCCESS', 'FAILED', 'TIMEOUT_EXCEEDED', 'CANCELLED']);
const notFound: Answered = { status: 404, body: { message: 'no Route matched with those values' } };
const invalid = (detail: string): Answered => ({ status: 422, body: { object: 'error', message: detail } });

export async function startScriptedMistral(): Promise<ScriptedMistral> {
  const jobs: MistralJob[] = [];
  const files = new Map<string, string>();
  const requests: string[] = [];
  const calls: object[] = [];
  let nextId = 1;

  const finish = (job: MistralJob): void => {
    const output: string[] = [];
    const errors: string[] = [];
    const lines = linesOf(files.get(job.inputFile) ?? '');
    for (const [index, { custom_id, body }] of lines.entries()) {
      const result = mistral.result({ custom_id, body: { model: job.model, ...body } });
      if (result === undefined) continue;
      const id = `batch-${job.id}-${index}-req`;
      if ('error' in result) {
        errors.push(JSON.stringify({ id, custom_id, response: null, error: result.error.message }));
        continue;
      }
      const response = { status_code: result.status, body: result.body };
      (result.status === 200 ? output : errors).push(JSON.stringify({ id, custom_id, response, error: null }));
    }
    job.counts = { total: lines.length, succeeded: output.length, failed: errors.length };
    const keep = (kept: string[]): string | null => {
      if (kept.length === 0) return null;
      const id = `00000000-0000-4000-8000-${String(nextId++).padStart(12, '0')}`;
      files.set(id, `${kept.join('\n')}\n`);
      return id;
    };
    job.outputFile = keep(output);
    job.errorFile = keep(errors);
  };

  const look = (job: MistralJob): void => {
    if (terminal.has(job.status)) return;
    const next = mistral.statuses[Math.min(job.polls, mistral.statuses.length - 1)] ?? job.status;
    job.status = job.status === 'CANCELLATION_REQUESTED' ? 'CANCELLED' : next;
    job.polls += 1;
    if (terminal.has(job.status) && job.status !== 'FAILED') finish(job);
  };

  const objectOf = (job: MistralJob): object => ({
    id: job.id,
    object: 'batch',
    input_files: [job.inputFile],
    metadata: job.metadata,
    endpoint: job.endpoint,
    model: job.model,
    agent_id: null,
    output_file: job.outputFile,
    error_file: job.errorFile,
    errors: job.status === 'FAILED' ? [{ message: 'The file is not valid.', count: 1 }] : [],
    status: job.status,
    created_at: 1711471533,
    total_requests: job.counts.total,
    completed_requests: job.counts.succeeded + job.counts.failed,
    succeeded_requests: job.counts.succeeded,
    failed_requests: job.counts.failed,
    started_at: 1711471538,
    completed_at: terminal.has(job.status) ? 1711493163 : null,
  });

  const upload = async (request: IncomingMessage): Promise<Answered> => {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(await bodyOf(request), { headers }).formData();
    const file = form.get('file');
    if (!(file instanceof File) || form.get('purpose') !== 'batch') return invalid('purpose');
    const id = `00000000-0000-4000-8000-${String(nextId++).padStart(12, '0')}`;
    files.set(id, await file.text());
    return { status: 200, body: { id, object: 'file', bytes: file.size, filename: file.name, purpose: 'batch' } };
  };

  const create = async (request: IncomingMessage): Promise<Answered> => {
    const asked = JSON.parse((await bodyOf(request)).toString('utf8'));
    const known = ['input_files', 'model', 'endpoint', 'metadata', 'timeout_hours'];
    if (Object.keys(asked).some((key) => !known.includes(key))) return invalid('extra_forbidden');
    const [inputFile] = asked.input_files;
    if (!files.has(inputFile)) return invalid('input_files');
    const job: MistralJob = {
      id: `job-${nextId++}`,
      model: asked.model,
      endpoint: asked.endpoint,
      inputFile,
      metadata: asked.metadata,
      status: 'QUEUED',
      polls: 0,
      outputFile: null,
      errorFile: null,
      counts: { total: 0, succeeded: 0, failed: 0 },
    };
    jobs.push(job);
    return { status: 200, body: objectOf(job) };
  };

  const answer = async (request: IncomingMessage, url: URL): Promise<Answered> => {
    if (request.headers.authorization !== 'Bearer test-key')
      return { status: 401, body: { message: 'Unauthorized', request_id: 'x' } };
    const [, , first, second = '', third] = url.pathname.split('/');
    if (request.method === 'POST' && url.pathname === '/v1/files') return upload(request);
    if (first === 'files' && third === 'content') {
      const text = files.get(second);
      return text === undefined ? notFound : { status: 200, body: text };
    }
    if (request.method === 'POST' && url.pathname === '/v1/chat/completions') {
      const body = JSON.parse((await bodyOf(request)).toString('utf8'));
      calls.push(body);
      const result = mistral.result({ custom_id: 'live', body });
      return result !== undefined && 'status' in result ? result : notFound;
    }
    if (request.method === 'POST' && url.pathname === '/v1/batch/jobs') return create(request);
    if (url.pathname === '/v1/batch/jobs') {
      const size = Number(url.searchParams.get('page_size') ?? 100);
      const from = Number(url.searchParams.get('page') ?? 0) * size;
      const data = jobs.slice(from, from + size).map(objectOf);
      return { status: 200, body: { data, object: 'list', total: jobs.length } };
    }
    const job = jobs.find(({ id }) => url.pathname.startsWith(`/v1/batch/jobs/${id}`));
    if (job === undefined) return notFound;
    if (!url.pathname.endsWith('/cancel')) look(job);
    else if (!terminal.has(job.status)) job.status = 'CANCELLATION_REQUESTED';
    return { status: 200, body: objectOf(job) };
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = `${request.method} ${url.pathname}`;
    requests.push(name);
    const fault = mistral.faults.find(({ on, times }) => times > 0 && on.test(name));
    if (fault !== undefined) fault.times -= 1;
    if (fault?.effect === 'drop') return request.socket.destroy();
    answer(request, url)
      .then(({ status, body }) => {
        if (fault?.effect === 'dropAfter') return request.socket.destroy();
        response.writeHead(status, {
          'content-type': typeof body === 'string' ? 'application/jsonl' : 'application/json',
        });
        return response.end(typeof body === 'string' ? body : JSON.stringify(body));
      })
      .catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : new Error('scripted server failed')),
      );
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mistral: ScriptedMistral = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    jobs,
    files,
    calls,
    statuses: ['QUEUED', 'RUNNING', 'SUCCESS'],
    faults: [],
    result: (line) => chatAnswer({ ...line, method: 'POST', url: '' }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return mistral;
}

function linesOf(text: string): Pick<RequestLine, 'custom_id' | 'body'>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}
