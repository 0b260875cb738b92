// npm run demo: packages the extension, installs it into a real VS Code with the sample workspace, starts the service with
// the built-in demo provider, runs the sample program so that the numbers move, and prints the URL to open.
//   npm run demo -- --check [--screenshots FOLDER]   the same, walked through headless in Chromium
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createControlClient } from '../src/service/controlClient.ts';
import { walkAsNewUser } from '../test/support/newUserWalk.ts';
import { readServiceAddress } from '../test/support/serviceAddress.ts';
import {
  createProfile,
  installVsix,
  type Profile,
  startVscodeServer,
  stopService,
  type VscodeServer,
} from '../test/support/vscodeServer.ts';
import { launchChromium } from '../test/support/workbench.ts';
import { ensureChromium, ensureCodeServer, onPath, packageVsix, root, run, script, toolsFolder } from './steps.ts';

const demoFolder = join(toolsFolder, 'demo');
const workspaceFolder = join(demoFolder, 'workspace');

/** While nobody watches for ever: the sample program runs again this often, and at most so many times. */
const shiftEveryMs = 30_000;
const maxShifts = 240;

interface Demo {
  readonly profile: Profile;
  /** What programs need in their environment to be metered. */
  readonly env: NodeJS.ProcessEnv;
}

/** A fresh copy each time, so that a changed sample does not surprise the next run. */
function prepareWorkspace(): Profile {
  rmSync(demoFolder, { recursive: true, force: true });
  mkdirSync(demoFolder, { recursive: true });
  cpSync(join(root, 'demo', 'workspace'), workspaceFolder, { recursive: true });
  return createProfile({ root: join(demoFolder, 'profile') });
}

/** Starts the service as the extension would and registers the sample workspace. */
async function startService(profile: Profile): Promise<Demo> {
  const child = spawn(process.execPath, [join(root, 'dist', 'service.js')], {
    env: { ...process.env, TOLLGATE_HOME: profile.tollgateHome },
    stdio: 'ignore',
  });
  const address = await readServiceAddress(profile.tollgateHome, child);
  const client = createControlClient({ ...address, fetch });
  const workspace = await client.registerWorkspace({ folder: workspaceFolder, trusted: true });
  if (!workspace.demo) throw new Error('the sample workspace does not use the demo provider');
  return {
    profile,
    env: {
      ...process.env,
      TOLLGATE: '1',
      OPENAI_BASE_URL: workspace.baseUrls.openai,
      OPENAI_API_KEY: workspace.token,
      ANTHROPIC_BASE_URL: workspace.baseUrls.anthropic,
      ANTHROPIC_AUTH_TOKEN: workspace.token,
    },
  };
}

async function runSample(demo: Demo, questions?: number): Promise<void> {
  const args = questions === undefined ? ['run.mjs'] : ['run.mjs', String(questions)];
  await run(process.execPath, args, { cwd: workspaceFolder, env: demo.env });
}

/** Desktop VS Code, in a profile of its own. */
async function openDesktop(code: string, demo: Demo, vsix: string): Promise<ChildProcess> {
  const own = ['--user-data-dir', demo.profile.userDataDir, '--extensions-dir', demo.profile.extensionsDir];
  await run(code, [...own, '--install-extension', vsix, '--force']);
  const env = { ...process.env, TOLLGATE_HOME: demo.profile.tollgateHome };
  const files = [workspaceFolder, join(workspaceFolder, 'answer.mjs')];
  return spawn(code, [...own, '--disable-workspace-trust', '--new-window', '--wait', ...files], {
    env,
    stdio: 'ignore',
  });
}

/** Runs a short shift now and then, until asked to stop. */
async function keepBusy(demo: Demo, stop: AbortSignal): Promise<void> {
  for (let shift = 0; shift < maxShifts; shift++) {
    await sleep(shiftEveryMs, undefined, { signal: stop });
    await runSample(demo, 1 + (shift % 4));
  }
  await sleep(2 ** 31 - 1, undefined, { signal: stop });
}

async function check(server: VscodeServer, screenshots: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  const browser = await launchChromium(ensureChromium());
  try {
    await walkAsNewUser({ browser, server, folder: workspaceFolder, screenshots });
    console.log(`demo check passed; screenshots in ${screenshots}`);
  } finally {
    await browser.close();
  }
}

await script(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, screenshots: { type: 'string' } } });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

  const vsix = await packageVsix();
  const desktop = values.check ? undefined : onPath('code');
  const serverFolder = desktop ? undefined : await ensureCodeServer();
  const profile = prepareWorkspace();
  let server: VscodeServer | undefined;
  let window: ChildProcess | undefined;
  try {
    const demo = await startService(profile);
    await runSample(demo);
    stop.signal.throwIfAborted();
    if (serverFolder) {
      installVsix(serverFolder, profile, vsix);
      server = await startVscodeServer(serverFolder, profile);
    } else if (desktop) {
      window = await openDesktop(desktop, demo, vsix);
    }
    if (server && values.check) {
      await check(server, values.screenshots ?? join(root, 'test-results', 'demo'));
      return;
    }
    const where = server ? `open ${server.url}/?folder=${encodeURI(workspaceFolder)}` : 'VS Code opens now';
    console.log(`\nTollgate demo (answers are made locally, nothing is billed): ${where}\nCtrl+C ends it.\n`);
    await keepBusy(demo, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    window?.kill();
    await server?.stop();
    await stopService(profile.tollgateHome);
  }
});
