import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../src/config/config.ts';
import { createProxy } from '../../src/proxy/createProxy.ts';
import type { ProxyDeps } from '../../src/proxy/deps.ts';
import { type ClosableUpstream, createUndiciUpstream } from '../../src/proxy/undiciUpstream.ts';
import { listenSomewhere } from '../../src/service/http/listen.ts';
import { createHttpServer } from '../../src/service/http/server.ts';
import { machineClock } from '../../src/service/proxyClock.ts';
import { proxyDouble, type Recorded } from './proxyDeps.ts';

export interface ListeningProxy {
  /** With the workspace token in the path, as a terminal gets it; append `/v1` for OpenAI. */
  readonly baseUrl: string;
  readonly recorded: readonly Recorded[];
  readonly logged: readonly string[];
  /** Resolves when every answer that has left is written down. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const token = 'test-token-of-the-workspace-0123456789';

/** The proxy behind the service's own HTTP server and in front of real sockets. */
export async function listenAsProxy(config: Config, changes: Partial<ProxyDeps> = {}): Promise<ListeningProxy> {
  const upstream = realUpstream();
  const { deps, recorded, logged } = proxyDouble(upstream.send, {
    configOf: () => config,
    clock: machineClock,
    ...changes,
  });
  const proxy = createProxy(deps);
  const log = { ...deps.log, info: deps.log.debug, trace: deps.log.debug };
  const server = createHttpServer({
    workspaceOf: (presented) => (presented === token ? 'w1' : undefined),
    handle: proxy.handle,
    control: async (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(404).end();
    },
    hold: () => () => undefined,
    log,
  });
  const port = await listenSomewhere(server, undefined);
  return {
    baseUrl: `http://127.0.0.1:${port}/t/${token}`,
    recorded,
    logged,
    settled: proxy.settled,
    async close() {
      await closeServer(server);
      await upstream.close();
      await proxy.settled();
    },
  };
}

export function realUpstream(): ClosableUpstream {
  return createUndiciUpstream({ connectTimeoutMs: 5000, maxConnections: 64, allowsPlainHttp: () => false });
}

export interface ListeningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A stand-in for a provider on a free port. */
export async function listenAsProvider(answer: RequestListener): Promise<ListeningServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
