import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Settings that keep a test window quiet: no welcome, no telemetry, no gallery, no modal editors that swallow keys. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.editor.useModal': 'off',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'git.openRepositoryInParentFolders': 'never',
  'chat.disableAIFeatures': true,
  'files.autoSave': 'off',
  'window.commandCenter': false,
  'remote.autoForwardPorts': false,
  'terminal.integrated.enableImages': false,
  // Would ask the npm registry for types.
  'typescript.disableAutomaticTypeAcquisition': true,
};

/** A throw-away home for one VS Code: profile, extensions, logs, and Tollgate's own data folder. */
export interface Profile {
  readonly root: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly tollgateHome: string;
}

export interface ProfileOptions {
  /** Kept and reused instead of a fresh temporary folder. */
  readonly root?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export function createProfile(options: ProfileOptions = {}): Profile {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'tollgate-vscode-'));
  const profile = {
    root,
    userDataDir: join(root, 'data'),
    extensionsDir: join(root, 'extensions'),
    tollgateHome: join(root, 'tollgate'),
  };
  mkdirSync(join(profile.userDataDir, 'User'), { recursive: true });
  mkdirSync(profile.extensionsDir, { recursive: true });
  writeSettings(profile, options.settings ?? {});
  return profile;
}

export function writeSettings(profile: Profile, settings: Readonly<Record<string, unknown>>): void {
  const all = { ...quietSettings, ...settings };
  writeFileSync(join(profile.userDataDir, 'User', 'settings.json'), JSON.stringify(all, undefined, 2));
}

function serverArguments(serverFolder: string, profile: Profile): string[] {
  return [
    join(serverFolder, 'out', 'server-main.js'),
    '--accept-server-license-terms',
    '--server-data-dir',
    profile.root,
    '--user-data-dir',
    profile.userDataDir,
    '--extensions-dir',
    profile.extensionsDir,
  ];
}

/** The environment of a VS Code that must not notice that it is started from inside another one. */
function cleanEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: '{}', ...extra };
  for (const name of Object.keys(env)) {
    if ((name.startsWith('VSCODE_') && name !== 'VSCODE_TEST_OPTIONS') || name === 'ELECTRON_RUN_AS_NODE')
      delete env[name];
  }
  delete env.NODE_OPTIONS;
  for (const name of ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL', 'TOLLGATE']) if (!(name in extra)) delete env[name];
  return env;
}

/** Installs a VSIX into the profile. Throws with VS Code's own output when it refuses. */
export function installVsix(serverFolder: string, profile: Profile, vsix: string): void {
  const args = [...serverArguments(serverFolder, profile), '--install-extension', vsix, '--force'];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000, env: cleanEnvironment({}) });
  if (result.status !== 0) throw new Error(`VS Code did not install ${vsix}: ${result.stdout}${result.stderr}`);
}

export interface VscodeServer {
  readonly port: number;
  readonly url: string;
  readonly profile: Profile;
  readonly logPath: string;
  /** Ends VS Code, its extension hosts, and the Tollgate service of this profile; resolves when all are gone. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Switches on the driver that runs tests inside the extension host. */
  readonly testDriver?: boolean;
  readonly workspaceTrust?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly extraArguments?: readonly string[];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts VS Code's server on a free loopback port and waits until it answers (30 s at most). */
export async function startVscodeServer(
  serverFolder: string,
  profile: Profile,
  options: ServerOptions = {},
): Promise<VscodeServer> {
  const port = await freePort();
  const logPath = join(profile.root, 'server.log');
  const args = [
    ...serverArguments(serverFolder, profile),
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--telemetry-level', 'off'],
    // A closed window's extension host would otherwise live on for three hours.
    ...['--reconnection-grace-time', '3'],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.extraArguments ?? []),
  ];
  const log = openSync(logPath, 'a');
  const env = cleanEnvironment({ TOLLGATE_HOME: profile.tollgateHome, ...options.env });
  // A process group of its own, so that the extension hosts end with it.
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log], env, detached: true });
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  await waitUntilAnswering(child, url, logPath);
  return {
    port,
    url,
    profile,
    logPath,
    async stop() {
      await endGroup(child);
      await stopService(profile.tollgateHome);
    },
  };
}

async function waitUntilAnswering(child: ChildProcess, url: string, logPath: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`VS Code's server ended at once: ${readFileSync(logPath, 'utf8')}`);
    try {
      const response = await fetch(`${url}/version`);
      if (response.ok) return;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(100);
  }
  throw new Error(`VS Code's server did not answer within 30 s: ${readFileSync(logPath, 'utf8')}`);
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || ended(child)) return;
  signalGroup(child.pid, 'SIGTERM');
  for (let waited = 0; waited < 50 && !ended(child); waited++) await sleep(100);
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}

/** Ends the Tollgate service that a discovery file names, and waits for it (10 s at most, then SIGKILL). */
export async function stopService(tollgateHome: string): Promise<void> {
  const pid = servicePid(tollgateHome);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; waited < 100; waited++) {
      await sleep(100);
      process.kill(pid, 0);
    }
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** The pid in the discovery file; undefined when no service was started. */
export function servicePid(tollgateHome: string): number | undefined {
  try {
    const address: unknown = JSON.parse(readFileSync(join(tollgateHome, 'service.json'), 'utf8'));
    if (typeof address === 'object' && address !== null && 'pid' in address && typeof address.pid === 'number')
      return address.pid;
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** VS Code reports exit code 0 when the extension host dies of a signal: this reads the server's own record of its end. */
export function extensionHostCrash(server: VscodeServer): string | undefined {
  const ends = readFileSync(server.logPath, 'utf8').matchAll(
    /Extension Host Process exited with code: (\S+), signal: (\w+)/g,
  );
  for (const [, code, signal] of ends) {
    if (signal !== 'null' || (code !== '0' && code !== 'null'))
      return `the extension host ended with code ${code}, signal ${signal}`;
  }
  return undefined;
}

export function removeProfile(profile: Profile): void {
  rmSync(profile.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** The URL of a window: a folder, and VS Code's own list of things to do first. */
export function windowUrl(
  server: VscodeServer,
  folder: string | undefined,
  payload: readonly (readonly [string, string])[] = [],
): string {
  const query = folder === undefined ? 'ew=true' : `folder=${encodeURI(folder)}`;
  const todo = payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : '';
  return `${server.url}/?${query}${todo}`;
}
