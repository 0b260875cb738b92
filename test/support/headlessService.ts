import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface HeadlessService {
  readonly url: string;
  readonly token: string;
  /** A project folder with `tollgate.jsonc`, and beside it the service's data. */
  readonly folder: string;
  readonly child: ChildProcess;
  /** What it has written to standard error. */
  log(): string;
  /** Ends it with SIGTERM and removes its folders. Returns the exit code. */
  stop(): Promise<number | null>;
}

export interface HeadlessStart {
  readonly config: object;
  /** The folder of one that was killed: it starts again on what that one left. */
  readonly folder?: string;
  /** `dist/cli.js`; the command from source where absent. */
  readonly entry?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `tollgate serve` as a process of its own, in folders of its own unless one is given. Rejects when it does not listen. */
export async function startHeadlessService({
  config,
  folder = mkdtempSync(join(tmpdir(), 'tollgate-serve-')),
  entry,
  args = [],
  env = {},
}: HeadlessStart): Promise<HeadlessService> {
  const project = join(folder, 'tollgate.jsonc');
  writeFileSync(project, JSON.stringify({ version: 1, ...config }));
  const program = entry ?? join(import.meta.dirname, 'serveFromSource.ts');
  const child = spawn(
    process.execPath,
    [program, 'serve', '--config', project, '--data', join(folder, 'data'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ...env } },
  );
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
    return child.exitCode;
  };
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line').then(([first]) => String(first)), once(child, 'exit')]);
  if (typeof line !== 'string') {
    await stop();
    throw new Error(`serve ended before it listened: ${errors.join('')}`);
  }
  const { url, token } = JSON.parse(line);
  return { url, token, folder, child, log: () => errors.join(''), stop };
}

/** Runs a program of `programs/` to its end. Returns what it printed, a value per line. */
export async function runProgram(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'programs', name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${errors.join('')}`);
  return output
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
