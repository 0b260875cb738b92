import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator } from 'playwright-core';
import type { VscodeServer } from './vscodeServer.ts';
import { Workbench } from './workbench.ts';

export const statusItemId = 'tollgate.tollgate.tollgate.spend';

export interface Walk {
  readonly browser: Browser;
  readonly server: VscodeServer;
  /** A copy of the sample workspace: the walk changes it. */
  readonly folder: string;
  readonly screenshots: string;
}

/** Polls until `read` gives something (a bounded number of times), and returns it. */
export async function eventually<T>(
  what: string,
  read: () => T | undefined | Promise<T | undefined>,
  seconds = 30,
): Promise<T> {
  for (let attempt = 0; attempt < seconds * 10; attempt++) {
    const value = await read();
    if (value !== undefined) return value;
    await sleep(100);
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

/** The first main job, as a new user does it; each step fails with its name. Screenshots are for people to look at. */
export async function walkAsNewUser(walk: Walk): Promise<void> {
  const workbench = await Workbench.open(walk.browser, walk.server, walk.folder);
  const shot = (name: string): Promise<void> => workbench.screenshot(join(walk.screenshots, `${name}.png`));
  const step = async (name: string, action: () => Promise<void>): Promise<void> => {
    try {
      await action();
      console.log(`  ${name}: works`);
    } catch (error) {
      await shot(`failed-${name.replaceAll(' ', '-')}`);
      throw new Error(`${name} does not work: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
  await step('status bar', () => seeStatusBar(workbench));
  await step('metering', () => allowMetering(workbench));
  await step('lens', () => seeLenses(workbench));
  await shot('1-lens');
  await step('alias click', () => useNewAlias(workbench, walk.folder, shot));
  await shot('3-alias');
  await step('program in the terminal', () => runProgram(workbench));
  await shot('4-terminal');
  await step('panel', () => seePanel(workbench));
  await shot('5-panel');
  await step('batch', () => submitBatch(workbench, walk.folder, shot));
  await shot('7-batch');
  assert.deepEqual([...workbench.refusedHosts], [], 'the window asked for something outside this machine');
  await workbench.close();
}

async function seeStatusBar(workbench: Workbench): Promise<void> {
  await workbench
    .statusItem(statusItemId)
    .filter({ hasText: /\$\d+\.\d+ today/ })
    .waitFor();
}

export async function allowMetering(workbench: Workbench): Promise<void> {
  await workbench.toastButton(/Meter this workspace\?/, 'Yes').click();
  await workbench.statusItem(statusItemId).filter({ hasNotText: 'not metered' }).waitFor();
}

async function seeLenses(workbench: Workbench): Promise<void> {
  await workbench.openFile('answer.mjs');
  await workbench.codeLens('openai/gpt-4o · $2.50 in / $10 out per M · Use an alias…').waitFor();
  await workbench
    .codeLens(/^~?\d+ tok · ~?\$0\.\d+ in$/)
    .first()
    .waitFor();
}

/** Clicks the lens, names a new alias, and checks the three files that one edit changed. */
async function useNewAlias(workbench: Workbench, folder: string, shot: (name: string) => Promise<void>): Promise<void> {
  await workbench.codeLens('Use an alias…').first().click();
  const newAlias = workbench.quickInputRows.filter({ hasText: /New alias/ });
  await newAlias.waitFor();
  await shot('2-alias-pick');
  await newAlias.click();
  // The pick's own field would be filled before the box for the name has replaced it.
  await workbench.page.getByText('A name for what this model is good for').waitFor();
  await workbench.page.locator('.quick-input-widget input:visible').first().fill('quality');
  await workbench.page.keyboard.press('Enter');
  await eventually('the editor shows models.quality', async () =>
    (await workbench.editorLines()).some((line) => line.includes('models.quality')) ? true : undefined,
  );
  await workbench.runCommand('File: Save All Files');
  const changed = (file: string, text: string) => () => {
    const path = join(folder, file);
    return existsSync(path) && readFileSync(path, 'utf8').includes(text) ? true : undefined;
  };
  await eventually('answer.mjs is saved with the alias', changed('answer.mjs', 'models.quality'));
  await eventually('tollgate.jsonc has the alias', changed('tollgate.jsonc', '"quality"'));
  await eventually('the model map is written', changed('tollgateModels.js', 'quality'));
  assert.match(
    readFileSync(join(folder, 'tollgate.jsonc'), 'utf8'),
    /Short answers, labels, extraction/,
    'comments are kept',
  );
}

/** The refactored program, run in a terminal with nothing but what metering injects. */
async function runProgram(workbench: Workbench): Promise<void> {
  const status = workbench.statusItem(statusItemId);
  const before = await status.textContent();
  await workbench.runInTerminal('node run.mjs 4');
  await eventually('the status bar moves', async () => ((await status.textContent()) === before ? undefined : true));
}

async function seePanel(workbench: Workbench): Promise<void> {
  await workbench.statusItem(statusItemId).locator('a').first().click();
  const panel = workbench.webview;
  await panel
    .locator('.headline .amount')
    .filter({ hasText: /\$0\.\d+/ })
    .waitFor();
  // The menus of the filters hold the same names.
  const tables = panel.locator('section.groups');
  await tables.getByText('openai/gpt-4o').first().waitFor();
  await tables.getByText('answer').first().waitFor();
}

async function submitBatch(workbench: Workbench, folder: string, shot: (name: string) => Promise<void>): Promise<void> {
  const result = join(folder, 'prompts', 'release-notes.result.md');
  await workbench.openFile('release-notes.md');
  await workbench.runCommand('Tollgate: Submit as Batch Job');
  await workbench.quickInputField.fill('release-notes');
  await checkOnly(workbench.quickInputRows.filter({ hasText: 'release-notes' }).first());
  await workbench.page.keyboard.press('Enter');
  const submit = workbench.webview.getByRole('button', { name: 'Submit', exact: true });
  await submit.waitFor();
  await shot('6-batch-plan');
  await submit.click();
  await eventually('the result is written beside the prompt', () => (existsSync(result) ? true : undefined), 90);
  await workbench.toasts.filter({ hasText: /batch/i }).first().waitFor();
  assert.match(readFileSync(result, 'utf8'), /gpt-4o-mini/);
}

/** The open file is chosen already; a second click would take it off again. */
async function checkOnly(row: Locator): Promise<void> {
  const box = row.locator('.monaco-custom-toggle, input[type=checkbox]').first();
  if ((await box.getAttribute('aria-checked')) !== 'true') await row.click();
}
