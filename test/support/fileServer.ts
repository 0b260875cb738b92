import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a file is sent. Whatever is left out is as it should be. */
export interface Sending {
  readonly body: Uint8Array;
  readonly status?: number;
  /** So many bytes of a response, then the connection is cut; of each response in turn. */
  readonly cutAfter?: readonly number[];
  readonly ignoresRanges?: boolean;
  /** Sends the first half and then nothing. */
  readonly stalls?: boolean;
  /** Leaves the length out and sends in chunks. */
  readonly chunked?: boolean;
}

export interface FileServer {
  readonly base: string;
  readonly files: Map<string, Sending>;
  /** `path range` of each request. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server of files on this machine that understands ranges, and breaks where it is told to. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, Sending>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(`${path} ${request.headers.range ?? '-'}`);
    const file = files.get(path);
    if (file === undefined) response.writeHead(404).end('<html>Not found</html>');
    else send(file, request, response, requests.filter((one) => one.startsWith(`${path} `)).length - 1);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port }: AddressInfo = addressOf(server.address());
  return {
    base: `http://127.0.0.1:${port}`,
    files,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address;
}

function send(file: Sending, request: IncomingMessage, response: ServerResponse, turn: number): void {
  const start = file.ignoresRanges === true ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (file.status !== undefined) {
    response.writeHead(file.status).end();
    return;
  }
  if (start > 0 && start >= file.body.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.body.length}` }).end();
    return;
  }
  const body = file.body.subarray(start);
  const range = start > 0 ? { 'content-range': `bytes ${start}-${file.body.length - 1}/${file.body.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, {
    ...range,
    ...(file.chunked === true ? {} : { 'content-length': body.length }),
  });
  const cut = file.cutAfter?.[turn];
  if (file.stalls === true) response.write(body.subarray(0, body.length / 2));
  else if (cut === undefined) response.end(body);
  else response.write(body.subarray(0, cut), () => response.destroy());
}
