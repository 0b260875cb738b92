import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { ensureChromium, ensureCodeServer, packageVsix } from '../../scripts/steps.ts';
import {
  createProfile,
  installVsix,
  removeProfile,
  type ServerOptions,
  startVscodeServer,
  type VscodeServer,
} from './vscodeServer.ts';
import { launchChromium } from './workbench.ts';

const root = resolve(import.meta.dirname, '../..');

/** A real VS Code with the packaged extension installed and a copy of the sample workspace. */
export interface VscodeFixture {
  readonly server: VscodeServer;
  readonly browser: Browser;
  /** A copy of the sample workspace, below the project so that its programs find the project's packages. */
  readonly folder: string;
  readonly screenshots: string;
  close(): Promise<void>;
}

export async function openVscode(
  name: string,
  options: ServerOptions & { readonly settings?: Readonly<Record<string, unknown>> } = {},
): Promise<VscodeFixture> {
  const serverFolder = process.env.TOLLGATE_VSCODE_SERVER ?? (await ensureCodeServer());
  const vsix = process.env.TOLLGATE_VSIX ?? (await packageVsix());
  const screenshots = join(root, 'test-results', name);
  mkdirSync(screenshots, { recursive: true });
  const folder = mkdtempSync(join(root, 'test-results', 'workspace-'));
  cpSync(join(root, 'demo', 'workspace'), folder, { recursive: true });
  const profile = createProfile(options.settings ? { settings: options.settings } : {});
  installVsix(serverFolder, profile, vsix);
  const server = await startVscodeServer(serverFolder, profile, options);
  const browser = await launchChromium(ensureChromium());
  return {
    server,
    browser,
    folder,
    screenshots,
    async close() {
      await browser.close();
      await server.stop();
      removeProfile(profile);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
