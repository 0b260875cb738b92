import { once } from 'node:events';
import type { Server } from 'node:http';
import type { ProxyRequest, ProxyResponse } from '../../../../src/proxy/exchange.ts';
import { listenSomewhere } from '../../../../src/service/http/listen.ts';
import { createHttpServer } from '../../../../src/service/http/server.ts';
import { createLog } from '../../../../src/service/log.ts';
import { exchange, type RawAnswer, requestText } from './rawClient.ts';

export const token = 'tg_0123456789';
export const auth = `authorization: Bearer ${token}`;
export const json = 'content-type: application/json';
export const chat = 'POST /v1/chat/completions HTTP/1.1';
export const models = 'GET /v1/models HTTP/1.1';

/** The server with a proxy that the test writes, and small limits: 1,000 bytes parsed, 100,000 passed through, 8 requests at a time. */
export interface TestServer {
  readonly server: Server;
  readonly port: number;
  readonly host: string;
  /** What the proxy was given. */
  readonly seen: ProxyRequest[];
  /** What the proxy answers. */
  handle: (request: ProxyRequest) => Promise<ProxyResponse>;
  holds: number;
  readonly logged: string[];
  /** Sends a request with the right Host and reads the answer to its end. */
  ask(line: string, headers: readonly string[], body?: string): Promise<RawAnswer>;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const owners: Readonly<Record<string, string>> = { [token]: 'w', other: 'x' };
  const logged: string[] = [];
  const server = createHttpServer({
    workspaceOf: (text) => owners[text],
    handle: (request) => {
      test.seen.push(request);
      return test.handle(request);
    },
    control: async (_, response) => {
      response.end('control');
    },
    hold: () => {
      test.holds += 1;
      return () => {
        test.holds -= 1;
      };
    },
    log: createLog(
      (line) => logged.push(line),
      () => 0,
    ),
    limits: { maxBodyBytes: 1000, maxStreamBytes: 100_000, maxOpenRequests: 8 },
  });
  const port = await listenSomewhere(server, undefined);
  const host = `host: 127.0.0.1:${port}`;
  const test: TestServer = {
    server,
    port,
    host,
    seen: [],
    handle: async () => ({ status: 200, headers: [['content-type', 'text/plain']], body: Buffer.from('fine') }),
    holds: 0,
    logged,
    ask: (line, headers, body = '') => exchange(port, requestText(line, [host, ...headers], body)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return test;
}

export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
