import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** Kept between runs and ignored by git: the test VS Code, Node, the demo's profile. */
export const toolsFolder = join(root, '.vscode-test');

export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** Runs a program in the project folder, its output shown. Rejects with `StepFailed` unless it exits with 0. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  const code = await new Promise<number | string>((done, fail) => {
    child.on('error', fail);
    child.on('exit', (exitCode, signal) => done(exitCode ?? signal ?? 1));
  });
  if (code !== 0) throw new StepFailed(`"${command} ${args.join(' ')}" ended with ${code}`);
}

/** The JavaScript of a development dependency's command. */
export function binary(name: string): string {
  return join(root, 'node_modules', '.bin', name);
}

export async function build(...names: string[]): Promise<void> {
  await run(process.execPath, ['esbuild.js', '--production', ...names]);
}

export const vsixPath = join(root, 'tollgate.vsix');

/** Builds and packages the extension. Returns the path of the VSIX. */
export async function packageVsix(): Promise<string> {
  await build();
  await run(binary('vsce'), ['package', '--no-dependencies', '-o', vsixPath]);
  return vsixPath;
}

const codeServerVersion = '4.139.1';

/**
 * A real VS Code for tests and the demo: VS Code's own server from the npm package code-server, started without its
 * wrapper (which would need Kerberos headers to compile). Installed once into `.vscode-test/`.
 * @returns the folder of VS Code's server
 */
export async function ensureCodeServer(): Promise<string> {
  const prefix = join(toolsFolder, `code-server-${codeServerVersion}`);
  const server = join(prefix, 'node_modules', 'code-server', 'lib', 'vscode');
  const stamp = join(prefix, 'complete');
  if (existsSync(stamp)) return server;
  console.error(`tollgate: bringing VS Code (code-server ${codeServerVersion}) into .vscode-test …`);
  requireCompiler();
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--ignore-scripts', ...quiet, `code-server@${codeServerVersion}`], { cwd: prefix });
  await run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quiet], { cwd: server });
  await run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quiet], { cwd: join(server, 'extensions') });
  // The only native modules that VS Code's server needs to start, open a terminal and watch files.
  await run('npm', ['rebuild', ...quiet, 'node-pty', '@vscode/spdlog', '@vscode/native-watchdog', '@parcel/watcher'], {
    cwd: server,
  });
  writeFileSync(stamp, new Date().toISOString());
  return server;
}

function requireCompiler(): void {
  const missing = ['g++', 'make', 'python3'].filter((tool) => !onPath(tool));
  if (missing.length > 0)
    installDebianPackages(
      ['g++', 'make', 'python3'],
      `VS Code's native modules are compiled and need ${missing.join(', ')}`,
    );
}

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium to drive: `CHROMIUM`, one on the PATH, else Debian's package. Returns its path. */
export function ensureChromium(): string {
  const chosen = process.env.CHROMIUM;
  if (chosen) return chosen;
  const found = () => chromiumNames.map(onPath).find((path) => path !== undefined);
  const present = found();
  if (present) return present;
  installDebianPackages(['chromium'], 'the end-to-end tests and the demo check need Chromium');
  const installed = found();
  if (!installed) throw new StepFailed('chromium was installed but is not on the PATH; set CHROMIUM to its path');
  return installed;
}

export function onPath(command: string): string | undefined {
  const result = spawnSync(process.platform === 'win32' ? 'where' : 'which', [command], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim().split('\n')[0] : undefined;
}

function installDebianPackages(packages: readonly string[], why: string): void {
  const root = process.getuid?.() === 0;
  if (!root || !onPath('apt-get')) {
    throw new StepFailed(
      `${why}. Install: ${packages.join(' ')} (Debian: sudo apt-get install ${packages.join(' ')}), then run this again`,
    );
  }
  console.error(`tollgate: ${why}: apt-get install ${packages.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  const result = spawnSync('apt-get', ['install', '-y', '-qq', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  if (result.status !== 0) throw new StepFailed(`apt-get install ${packages.join(' ')} failed`);
}

/** Every file below a folder whose name ends so, sorted. */
export function filesOf(folder: string, ending: string): string[] {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.stdout
    .split('\n')
    .filter((file) => file.endsWith(ending) && existsSync(join(root, file)))
    .sort();
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Runs a script's main function; a failed step is printed as one line, anything else with its stack. */
export async function script(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof StepFailed ? `tollgate: ${error.message}` : error);
    process.exitCode = 1;
  }
}
