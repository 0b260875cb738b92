import { type ChildProcess, execFile, type StdioOptions, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** From the start of the process to its first line. */
  readonly startedInMs: number;
  readonly firstLine: string;
}

export interface Processes {
  /** Resolves at the first line on standard output; `isReady` replaces that for programs that print none. */
  start(command: string, args: readonly string[], options?: StartOptions): Promise<Started>;
  endAll(): void;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly ipc?: boolean;
  readonly isReady?: () => Promise<boolean>;
}

const readyWithinMs = 20_000;

/** Processes of one run; each is ended by its own id. */
export function createProcesses(): Processes {
  const running = new Set<ChildProcess>();
  return {
    async start(command, args, { ipc = false, isReady, ...options } = {}) {
      const from = performance.now();
      const stdio: StdioOptions = ipc ? ['ignore', 'pipe', 'ignore', 'ipc'] : ['ignore', 'pipe', 'ignore'];
      const child: ChildProcess = spawn(command, args, { ...options, stdio });
      running.add(child);
      child.once('exit', () => running.delete(child));
      const firstLine = isReady === undefined ? await lineOf(child) : await ready(isReady);
      return { child, pid: child.pid ?? 0, startedInMs: performance.now() - from, firstLine };
    },
    endAll() {
      for (const child of running) child.kill();
    },
  };
}

function lineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it was ready`)));
  });
}

async function ready(isReady: () => Promise<boolean>): Promise<string> {
  const from = performance.now();
  while (!(await isReady())) {
    if (performance.now() - from > readyWithinMs) throw new Error('it did not become ready');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return '';
}

/** Whether a port answers HTTP at all. */
export function answersAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path: '/' }, (answer) => {
      answer.resume();
      resolve(true);
    });
    asked.on('error', () => resolve(false)).end();
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const ticksPerSecond = 100;

/** Milliseconds of CPU of a process and all its threads so far (proc(5)). */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

export function rssMbOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
}

export function hasProc(): boolean {
  return process.platform === 'linux' && readdirSync('/proc/self').includes('stat');
}

export const runFile: (command: string, args: readonly string[]) => Promise<{ stdout: string }> = promisify(execFile);
