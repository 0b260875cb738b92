import * as z from 'zod';
import { batchEndpoints } from '../../batch/requestRow.ts';
import type { DemoBatches } from './createDemoBatches.ts';
import { type DemoBatch, demoBatchObject, demoStatus } from './demoBatch.ts';
import type { DemoFile, DemoFiles } from './demoFiles.ts';

export interface DemoBatchApiDeps {
  readonly files: DemoFiles;
  readonly batches: DemoBatches;
  readonly now: () => number;
}

/**
 * The files and batches endpoints of the demo provider, as OpenAI has them. Undefined = the path is not one of them.
 * Any origin and any number of `/v1` in front will do.
 */
export type DemoBatchApi = (request: Request) => Promise<Response | undefined>;

const newBatch = z.object({
  input_file_id: z.string(),
  endpoint: z.string(),
  completion_window: z.literal('24h'),
  metadata: z.record(z.string(), z.string()).nullish(),
});

const defaultPage = 20;
const largestPage = 100;

export function createDemoBatchApi({ files, batches, now }: DemoBatchApiDeps): DemoBatchApi {
  const uploaded = async (request: Request): Promise<Response> => {
    const form = await request.formData();
    const file = form.get('file');
    const purpose = form.get('purpose');
    if (!(file instanceof File) || typeof purpose !== 'string')
      return refusal(400, 'A file and its purpose are needed.');
    if (purpose === 'batch' && !file.name.endsWith('.jsonl'))
      return refusal(400, 'Invalid file format for Batch API. Must be .jsonl');
    return Response.json(fileObject(await files.add(file.name, purpose, piecesOf(file))));
  };

  const file = async (request: Request, id: string, action: string | undefined): Promise<Response> => {
    const found = await files.find(id);
    if (found === undefined) return refusal(404, `No such File object: ${id}`);
    if (action === 'content') return new Response(bodyOf(files.content(id)));
    if (request.method !== 'DELETE') return Response.json(fileObject(found));
    await files.remove(id);
    return Response.json({ id, object: 'file', deleted: true });
  };

  const created = async (request: Request): Promise<Response> => {
    const parsed = newBatch.safeParse(await request.json());
    if (!parsed.success) return refusal(400, 'input_file_id, endpoint and completion_window "24h" are needed.');
    const { input_file_id: inputFileId, endpoint, metadata } = parsed.data;
    if (!batchEndpoints.some((known) => known === endpoint)) return refusal(400, `Invalid endpoint ${endpoint}.`);
    if ((await files.find(inputFileId)) === undefined) return refusal(404, `No such File object: ${inputFileId}`);
    const batch = await batches.create({ inputFileId, endpoint, metadata: metadata ?? {} });
    return Response.json(demoBatchObject(batch, now()));
  };

  const batch = async (request: Request, id: string, action: string | undefined): Promise<Response> => {
    const found = await batches.find(id);
    if (found === undefined) return refusal(404, `No batch found with id '${id}'.`);
    if (action !== 'cancel' || request.method !== 'POST') return Response.json(demoBatchObject(found, now()));
    const status = demoStatus(found, now());
    if (['completed', 'failed', 'cancelled'].includes(status))
      return refusal(400, `Cannot cancel a batch with status '${status}'.`);
    const cancelled = status === 'cancelling' ? found : await batches.cancel(found);
    return Response.json(demoBatchObject(cancelled, now()));
  };

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const [collection, id = '', action] = pathname.replace(/^(?:\/v1)*\//, '').split('/');
    if (collection === 'files') {
      if (id !== '') return file(request, id, action);
      return request.method === 'POST'
        ? uploaded(request)
        : Response.json(page((await files.all()).map(fileObject), searchParams));
    }
    if (collection !== 'batches') return undefined;
    if (id !== '') return batch(request, id, action);
    if (request.method === 'POST') return created(request);
    return Response.json(
      page(
        (await batches.all()).map((one) => listed(one, now())),
        searchParams,
      ),
    );
  };
}

/** For an SDK client that is to talk to the demo provider without a socket. */
export function demoBatchFetch(api: DemoBatchApi): typeof fetch {
  return async (input, init) => {
    const isStream = init?.body instanceof ReadableStream;
    const request = new Request(input, isStream ? { ...init, ...{ duplex: 'half' } } : init);
    return (await api(request)) ?? refusal(404, 'The demo provider has no such endpoint.');
  };
}

interface Identified {
  readonly id: string;
}

function page<T extends Identified>(all: readonly T[], query: URLSearchParams): object {
  const after = query.get('after');
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const limit = Math.min(Number(query.get('limit') ?? defaultPage) || defaultPage, largestPage);
  const data = all.slice(from, from + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: from + limit < all.length,
  };
}

function listed(batch: DemoBatch, nowMs: number): Identified & object {
  return { ...demoBatchObject(batch, nowMs), id: batch.id };
}

function fileObject({ id, filename, purpose, bytes, createdAtMs }: DemoFile) {
  const created_at = Math.floor(createdAtMs / 1000);
  return { id, object: 'file', bytes, created_at, filename, purpose, status: 'processed' };
}

function refusal(status: number, message: string): Response {
  const error = {
    message: `${message} (Tollgate's demo provider)`,
    type: 'invalid_request_error',
    param: null,
    code: null,
  };
  return Response.json({ error }, { status });
}

async function* piecesOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

function bodyOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
}
