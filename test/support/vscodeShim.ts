#!/usr/bin/env node
// Stands in for the desktop `code` binary in @vscode/test-electron and @vscode/test-cli: takes the same arguments,
// runs the same suite inside the extension host of VS Code's server with Chromium as the window, exits with its code.
//   VSCODE_EXECUTABLE=test/support/vscodeShim.ts npx vscode-test
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import { ensureChromium, ensureCodeServer } from '../../scripts/steps.ts';
import {
  createProfile,
  extensionHostCrash,
  removeProfile,
  startVscodeServer,
  type VscodeServer,
  windowUrl,
} from './vscodeServer.ts';
import { launchChromium, Workbench } from './workbench.ts';

const timeoutMs = 240_000;

/** Chatter of the workbench and its server, among which the tests' own lines are sent. */
const noise =
  /^(%c|Ignoring fetching|Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|\[Service Worker\]|\[AgentHost|\[AccountPolicyGate\]|Updating additional builtin|ComputeTargetPlatform|Invoking resolveAuthority|No split|Started local extension host|\[driver\]|Setting host-resolver|Canceled)/;

function option(name: string): string[] {
  return process.argv.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
}

async function runSuite(server: VscodeServer, workbench: Workbench): Promise<number> {
  let finish: (code: number) => void = () => undefined;
  const exited = new Promise<number>((done) => {
    finish = done;
  });
  await workbench.page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const line = format(...args);
    if (process.env.TOLLGATE_TEST_RAW || !noise.test(line)) (type === 'error' ? console.error : console.log)(line);
  });
  await workbench.page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
  const uri = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${encodeURI(resolve(path))}`;
  const payload: [string, string][] = [
    ...option('extensionDevelopmentPath').map((path): [string, string] => ['extensionDevelopmentPath', uri(path)]),
    ...option('extensionTestsPath').map((path): [string, string] => ['extensionTestsPath', uri(path)]),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const folder = process.argv.slice(2).find((arg) => !arg.startsWith('-'));
  await workbench.page.goto(windowUrl(server, folder === undefined ? undefined : resolve(folder), payload));
  const code = await Promise.race([exited, sleep(timeoutMs, 99, { ref: false })]);
  if (code === 99) console.error(`the tests did not end within ${timeoutMs / 1000} s`);
  await sleep(200);
  const crash = extensionHostCrash(server);
  if (crash) console.error(crash);
  return code === 0 && crash ? 98 : code;
}

async function main(): Promise<number> {
  if (option('extensionTestsPath').length === 0) {
    console.error('vscodeShim: --extensionTestsPath is missing');
    return 64;
  }
  const serverFolder = await ensureCodeServer();
  const profile = createProfile();
  const server = await startVscodeServer(serverFolder, profile, { testDriver: true });
  const browser = await launchChromium(ensureChromium());
  try {
    return await runSuite(server, await Workbench.blank(browser));
  } finally {
    await browser.close();
    await server.stop();
    removeProfile(profile);
  }
}

process.exit(await main());
