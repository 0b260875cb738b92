import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import { type VscodeServer, windowUrl } from './vscodeServer.ts';

/** Launches a headless Chromium that looks for nothing outside this machine. */
export async function launchChromium(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'tollgate-chromium-')) } as Record<
      string,
      string
    >,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      ...more,
    ],
  });
}

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly payload?: readonly (readonly [string, string])[];
}

function isLoopback(url: URL): boolean {
  return (
    !url.protocol.startsWith('http') ||
    url.hostname === '127.0.0.1' ||
    url.hostname === 'localhost' ||
    url.hostname.endsWith('.localhost')
  );
}

/** Page object of one VS Code window in Chromium. Selectors hold for VS Code 1.139. */
export class Workbench {
  readonly page: Page;
  /** Hosts outside this machine that the page asked for; each request was refused. */
  readonly refusedHosts: ReadonlySet<string>;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, refusedHosts: ReadonlySet<string>) {
    this.#context = context;
    this.page = page;
    this.refusedHosts = refusedHosts;
  }

  static async blank(browser: Browser, options: WindowOptions = {}): Promise<Workbench> {
    const viewport = { width: options.width ?? 1400, height: options.height ?? 900 };
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
    const refused = new Set<string>();
    await context.route(
      (url) => !isLoopback(url),
      (route) => {
        refused.add(new URL(route.request().url()).host);
        return route.abort();
      },
    );
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return new Workbench(context, page, refused);
  }

  static async open(
    browser: Browser,
    server: VscodeServer,
    folder: string,
    options: WindowOptions = {},
  ): Promise<Workbench> {
    const workbench = await Workbench.blank(browser, options);
    await workbench.page.goto(windowUrl(server, folder, options.payload));
    await workbench.ready();
    return workbench;
  }

  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.part.statusbar').waitFor();
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  /** Opens the palette (`F1`) or quick open (`Control+P`) with a text. Keys pressed too early are lost, so it tries again. */
  async quickInput(key: string, text: string): Promise<Locator> {
    const input = this.quickInputField;
    for (let attempt = 0; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await input.waitFor({ state: 'visible', timeout: 2000 });
        break;
      } catch (error) {
        if (attempt === 7) throw error;
      }
    }
    await input.fill(text);
    return this.quickInputRows;
  }

  get quickInputField(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-filter input');
  }

  get quickInputRows(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
  }

  async runCommand(title: string): Promise<void> {
    const rows = await this.quickInput('F1', `>${title}`);
    await rows.filter({ hasText: title }).first().click();
  }

  async openFile(name: string): Promise<void> {
    const rows = await this.quickInput('Control+P', name);
    await rows.filter({ hasText: name }).first().click();
    await this.tab(name).waitFor();
  }

  tab(name: string): Locator {
    return this.page.locator(`.tab[data-resource-name="${name}"]`);
  }

  get codeLenses(): Locator {
    return this.page.locator('.contentWidgets .codelens-decoration a, .contentWidgets .codelens-decoration span');
  }

  codeLens(text: string | RegExp): Locator {
    return this.page.locator('.contentWidgets .codelens-decoration a').filter({ hasText: text });
  }

  statusItem(id: string): Locator {
    return this.page.locator(`.part.statusbar [id="${id}"]`);
  }

  get toasts(): Locator {
    return this.page.locator('.notification-toast');
  }

  /** A button of a notification whose text matches. */
  toastButton(message: string | RegExp, button: string): Locator {
    return this.toasts.filter({ hasText: message }).getByRole('button', { name: button });
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** The inside of the active webview. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** The lines of the active editor that are on screen, top to bottom not guaranteed. */
  async editorLines(): Promise<string[]> {
    const lines = await this.page.locator('.editor-group-container.active .view-lines .view-line').allTextContents();
    return lines.map((line) => line.replaceAll('\u00a0', ' '));
  }

  /** Runs a shell command in a new integrated terminal. */
  async runInTerminal(command: string): Promise<void> {
    await this.runCommand('Terminal: Create New Terminal');
    const terminal = this.page.locator('.terminal-wrapper.active .xterm-helper-textarea');
    await terminal.waitFor({ state: 'attached' });
    await terminal.focus();
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }

  async setTheme(name: 'Default Dark Modern' | 'Default Light Modern'): Promise<void> {
    const rows = await this.quickInput('F1', '>Preferences: Color Theme');
    await rows.filter({ hasText: 'Color Theme' }).first().click();
    await this.quickInputField.fill(name);
    await this.quickInputRows
      .filter({ hasText: name.replace('Default ', '') })
      .first()
      .waitFor();
    await this.page.keyboard.press('Enter');
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }
}
