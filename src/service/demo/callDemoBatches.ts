import type { ProxyResponse, UpstreamRequest } from '../../proxy/exchange.ts';
import type { DemoBatchApi } from './demoBatchApi.ts';

/** Hands a request that came through the proxy to the files and batches endpoints; undefined = not one of theirs. */
export async function callDemoBatches(
  api: DemoBatchApi,
  request: UpstreamRequest,
  path: string,
): Promise<ProxyResponse | undefined> {
  const { method, body } = request;
  const headers = new Headers(request.headers.map(([name, value]): [string, string] => [name, value]));
  const init: RequestInit & { duplex?: 'half' } = { method, headers };
  if (body !== undefined && method !== 'GET' && method !== 'HEAD') {
    init.body = body instanceof Uint8Array ? Buffer.from(body) : streamOf(body);
    init.duplex = 'half';
  }
  const response = await api(new Request(`http://demo.invalid${path}`, init));
  if (response === undefined) return undefined;
  return {
    status: response.status,
    headers: [...response.headers, ['x-tollgate-demo', '1']],
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
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
