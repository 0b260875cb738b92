import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import type { RedisProgram } from '../../scripts/redis.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Stops it without asking, as when a machine goes away. */
  kill(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts a Redis without persistence on this machine only, and waits until it answers. */
export async function startRedis(
  program: RedisProgram,
  port: number,
  more: readonly string[] = [],
): Promise<RedisServer> {
  const own = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning', ...more];
  const args = program.container
    ? [...program.args.slice(0, 2), '-p', `127.0.0.1:${port}:6379`, ...program.args.slice(2), 'redis-server', ...own]
    : [...program.args, '--port', String(port), '--bind', '127.0.0.1', ...own];
  const child: ChildProcess = spawn(program.command, args, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  await answering(url);
  return {
    url,
    port,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    try {
      await client.connect();
      client.destroy();
      return;
    } catch (error) {
      // NOAUTH and the like: it is there.
      if (error instanceof Error && /NOAUTH|NOPERM|WRONGPASS/.test(error.message)) return;
      if (attempt > 200) throw error;
      await sleep(50);
    }
  }
}
