import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import {
  type BatchPlan,
  controlHeader,
  controlPrefix,
  type Job,
  type Notice,
  type RegisteredWorkspace,
  type ServiceEvent,
  type ServiceInfo,
  type SpendSnapshot,
} from '../../src/service/api.ts';

/** What the stand-in answers with; tests change it as they go. */
export interface FakeServiceState {
  version: string;
  demo: boolean;
  spend: SpendSnapshot;
  jobs: readonly Job[];
  plan: BatchPlan;
  notices: readonly Notice[];
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** A stand-in for the service's control plane: right shapes, no proxy behind it. */
export interface FakeService {
  readonly port: number;
  readonly controlToken: string;
  readonly workspace: RegisteredWorkspace;
  readonly state: FakeServiceState;
  /** Everything that was asked, oldest first. */
  readonly requests: readonly FakeRequest[];
  readonly subscribers: number;
  /** Sends an event to every open stream. */
  publish(event: ServiceEvent): void;
  /** Writes the discovery file, so that windows find this service. */
  announce(home: string): void;
  stop(): Promise<void>;
}

export async function startFakeService(state: FakeServiceState, port = 0): Promise<FakeService> {
  const controlToken = randomBytes(16).toString('hex');
  const streams = new Set<ServerResponse>();
  const requests: FakeRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const token = 'token-of-the-stand-in';
  const workspace = (): RegisteredWorkspace => ({
    workspaceId: 'workspace1',
    token,
    baseUrls: {
      openai: `http://127.0.0.1:${address.port}/t/${token}/v1`,
      anthropic: `http://127.0.0.1:${address.port}/t/${token}`,
    },
    demo: state.demo,
  });
  const info = (): ServiceInfo => ({
    version: state.version,
    pid: process.pid,
    startedAtMs: 0,
    nodeVersion: process.version,
    notices: state.notices,
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = url.pathname.slice(controlPrefix.length);
    const method = request.method ?? 'GET';
    if (request.headers[controlHeader] !== controlToken)
      return send(response, 401, { error: { code: 'unauthorized', message: 'no token' } });
    requests.push({ method, path, body: await readJson(request) });
    if (path === '/events') return subscribe(response);
    const known: Readonly<Record<string, () => unknown>> = {
      'GET /info': info,
      'POST /drain': () => setImmediate(() => stop()),
      'POST /workspaces': workspace,
      'POST /workspaces/workspace1/rotate': workspace,
      'PUT /keys': () => ({}),
      'PUT /upstreams': () => ({}),
      'GET /spend': () => state.spend,
      'DELETE /cache': () => ({ removed: 3 }),
      'GET /batch/jobs': () => ({ jobs: state.jobs }),
      'POST /batch/plan': () => state.plan,
      'POST /batch/submit': () => ({ jobs: state.jobs }),
    };
    const found = known[`${method} ${path}`];
    if (found !== undefined) return send(response, 200, found() ?? {});
    const job = state.jobs.find(({ id }) => path.startsWith(`/batch/jobs/${id}`));
    if (job !== undefined) return send(response, 200, job);
    return send(response, 404, { error: { code: 'noSuchOperation', message: `${method} ${path}` } });
  }

  function subscribe(response: ServerResponse): void {
    streams.add(response);
    response.once('close', () => streams.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frame({ type: 'hello', info: info() }));
    response.write(frame({ type: 'spend', today: state.spend }));
    response.write(frame({ type: 'jobs', jobs: state.jobs }));
  }

  async function stop(): Promise<void> {
    for (const stream of streams) stream.end();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  return {
    port: address.port,
    controlToken,
    workspace: workspace(),
    state,
    requests,
    get subscribers() {
      return streams.size;
    },
    publish: (event) => {
      for (const stream of streams) stream.write(frame(event));
    },
    announce: (home) => {
      mkdirSync(home, { recursive: true });
      // The pid is nobody's: whoever ends "the service" of this home must not end the tests.
      const file = { port: address.port, pid: 2 ** 22 + 1, version: state.version, controlToken };
      writeFileSync(join(home, 'service.json'), JSON.stringify(file), { mode: 0o600 });
    },
    stop,
  };
}

function frame(event: ServiceEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
