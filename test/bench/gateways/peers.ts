import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, toolsFolder } from '../../../scripts/steps.ts';
import { answersAt, freePort, type Processes } from './processes.ts';

/** Something that requests go through on their way to the provider. */
export interface System {
  readonly name: string;
  readonly port: number;
  /** Whose CPU and memory are counted. */
  readonly pid: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
}

export interface Service extends System {
  readonly child: ChildProcess;
  /** From the start of the process to listening. */
  readonly startedInMs: number;
  /** The longest that its event loop was held up since this was last asked. */
  longestStallMs(): Promise<number>;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const token = 'tg_token_of_a_benchmark_and_nothing_else';
/** The client's own key: every system passes it on. */
const key = { authorization: 'Bearer sk-bench' };
const model = 'gpt-4o-mini';

export async function startProvider(processes: Processes): Promise<System> {
  const port = await freePort();
  const { pid } = await processes.start(process.execPath, [here('provider.mjs'), String(port)]);
  return { name: 'direct', port, pid, headers: key, model };
}

export async function startUndiciProxy(processes: Processes, provider: System): Promise<System> {
  const port = await freePort();
  const args = [here('undiciProxy.mjs'), String(port), `http://127.0.0.1:${provider.port}`];
  const { pid } = await processes.start(process.execPath, args);
  return { name: 'undici', port, pid, headers: key, model };
}

/**
 * The service as `tollgate serve` runs it, from `dist/`: token, alias, exact cache and ledger in use.
 * @param folder an empty one of its own
 */
export async function startTollgate(processes: Processes, provider: System, folder: string): Promise<Service> {
  mkdirSync(folder, { recursive: true });
  const config = {
    version: 1,
    providers: { openai: { dialect: 'openai', baseUrl: `http://127.0.0.1:${provider.port}/v1` } },
    aliases: { cheap: { targets: [`openai/${model}`] } },
    cache: { exact: { mode: 'on' } },
  };
  writeFileSync(join(folder, 'tollgate.jsonc'), JSON.stringify(config));
  const port = await freePort();
  const cli = here('../../../dist/cli.js');
  const serve = ['serve', '--config', join(folder, 'tollgate.jsonc'), '--data', join(folder, 'data')];
  const started = await processes.start(
    process.execPath,
    ['--require', here('loopDelay.cjs'), cli, ...serve, '--port', String(port), '--token', token],
    { ipc: true },
  );
  const headers = { ...key, 'x-tollgate-token': token };
  const { child, pid, startedInMs } = started;
  const longestStallMs = (): Promise<number> =>
    new Promise((resolve) => {
      child.once('message', (told: { longestStallMs: number }) => resolve(told.longestStallMs));
      child.send({});
    });
  return { name: 'tollgate', child, port, pid, headers, model: 'cheap', startedInMs, longestStallMs };
}

const nginxPath = '/usr/sbin/nginx';

/** Undefined where there is none on this machine. */
export async function startNginx(processes: Processes, provider: System, folder: string): Promise<System | undefined> {
  if (!existsSync(nginxPath)) {
    console.log('nginx: skipped, it is not installed (Debian: apt-get install nginx-light)');
    return undefined;
  }
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  const config = `worker_processes 1; master_process off; daemon off; pid nginx.pid; error_log nginx.log;
events { worker_connections 1024; }
http {
  access_log off; ${temporary.join(' ')} client_max_body_size 64m;
  upstream provider { server 127.0.0.1:${provider.port}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port}; keepalive_requests 1000000;
    location / {
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off;
    }
  }
}`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
  const { pid } = await processes.start(nginxPath, args, { isReady: () => answersAt(port) });
  return { name: 'nginx', port, pid, headers: key, model };
}

const portkeyVersion = '1.15.2';

/** From npm into `.vscode-test/`, once, and only where it was asked for: it is no dependency of the project. */
export async function startPortkey(processes: Processes, provider: System): Promise<System> {
  const folder = join(toolsFolder, `portkey-${portkeyVersion}`);
  const script = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  if (!existsSync(script)) {
    console.error(`bringing @portkey-ai/gateway ${portkeyVersion} into .vscode-test …`);
    mkdirSync(folder, { recursive: true });
    // With the newer adapter it answers 500 to every stream.
    const overrides = { '@hono/node-server': '1.13.8' };
    const dependencies = { '@portkey-ai/gateway': portkeyVersion };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  }
  const port = await freePort();
  const { pid } = await processes.start(process.execPath, [script, `--port=${port}`, '--headless'], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
    isReady: () => answersAt(port),
  });
  const provided = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${provider.port}/v1`,
  };
  return { name: 'portkey', port, pid, headers: { ...key, ...provided }, model };
}
