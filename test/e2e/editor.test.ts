import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { errors } from 'playwright-core';
import { eventually } from '../support/newUserWalk.ts';
import { openVscode, type VscodeFixture } from '../support/vscodeFixture.ts';
import { Workbench } from '../support/workbench.ts';

/** The next attempt, or the wait after the last one, tells it. */
function ignoreTimeout(error: unknown): void {
  if (!(error instanceof errors.TimeoutError)) throw error;
}

/* What only a window can show: decorations, cells, menus. What an API can tell is in test/host. */

describe('the editor', () => {
  let vscode: VscodeFixture;
  let workbench: Workbench;
  const shot = (name: string): Promise<void> => workbench.screenshot(join(vscode.screenshots, `${name}.png`));
  const lineWith = (text: string): Promise<true> =>
    eventually(`a line with ${text}`, async () =>
      (await workbench.editorLines()).some((line) => line.includes(text)) ? true : undefined,
    );
  const noLens = (): Promise<true> =>
    eventually('no lens', async () => ((await workbench.codeLens(/gpt-4o|tok/).count()) === 0 ? true : undefined));
  const modelLens = (): ReturnType<Workbench['codeLens']> => workbench.codeLens(/^openai\/gpt-4o · \$2\.50 in/);

  before(async () => {
    // In the dark, because the walk of a new user is in the light.
    const settings = { 'tollgate.metering.ask': false, 'workbench.colorTheme': 'Default Dark Modern' };
    vscode = await openVscode('editor', { settings });
    workbench = await Workbench.open(vscode.browser, vscode.server, vscode.folder);
  });
  after(() => vscode.close());
  afterEach(async () => {
    await workbench.runCommand('File: Revert File');
    await workbench.runCommand('View: Close All Editors');
  });

  test('the button of an alias writes a plain string', async () => {
    await workbench.openFile('answer.mjs');
    await modelLens().click();
    const row = workbench.quickInputRows.filter({ hasText: 'fast' });
    await row.hover();
    await shot('alias-pick');
    await row.locator('.quick-input-list-entry-action-bar .action-label').first().click();
    await lineWith("model: 'fast',");
    await workbench.codeLens(/^fast → openai\/gpt-4o-mini · .* · Change the alias…$/).waitFor();
  });

  test('the menu of code actions has the alias', async () => {
    await workbench.openFile('translate.ts');
    await workbench.codeLens(/gpt-4o-mini/).waitFor();
    await workbench.page.locator('.view-line').getByText("'gpt-4o-mini'", { exact: true }).click();
    // Advice offers the same as a quick fix.
    const action = workbench.page
      .locator('.action-widget .monaco-list-row', { hasText: 'Use an alias for gpt-4o-mini…' })
      .last();
    // A key that is pressed before the actions are computed is lost.
    for (let attempt = 0; attempt < 10 && !(await action.isVisible()); attempt++) {
      await workbench.page.keyboard.press('Control+.');
      await action.waitFor({ timeout: 3000 }).catch(ignoreTimeout);
    }
    await action.waitFor();
    await shot('code-action');
    await action.click();
    await workbench.quickInputRows.filter({ hasText: 'fast' }).click();
    await lineWith('model: models.fast,');
    const map = join(vscode.folder, 'tollgateModels.ts');
    await eventually('the map', () =>
      existsSync(map) && readFileSync(map, 'utf8').includes("fast: tollgate ? 'fast' : 'gpt-4o-mini'")
        ? true
        : undefined,
    );
  });

  test('in a notebook the texts stand below the cells, and a click offers aliases', async () => {
    await workbench.openFile('urgent.ipynb');
    const items = workbench.page.locator('.cell-statusbar-container .cell-status-item');
    const prompt = items.filter({ hasText: /^~?\d+ tok · ~?\$0\.\d+ in$/ });
    await prompt.first().waitFor();
    await shot('notebook');
    await noLens();
    await items.filter({ hasText: 'openai/gpt-4o · $2.50 in / $10 out per M' }).click();
    await workbench.quickInputRows.filter({ hasText: 'fast' }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  test('hidden from the pick of a lens, and shown again by the command', async () => {
    await workbench.openFile('answer.mjs');
    await modelLens().click();
    await workbench.quickInputRows.filter({ hasText: 'Hide cost lenses' }).click();
    await noLens();
    await workbench.runCommand('Tollgate: Show or Hide Cost Lenses');
    await modelLens().waitFor();
  });

  test('the hover explains the figure', async () => {
    await workbench.openFile('answer.mjs');
    await modelLens().waitFor();
    await workbench.page.locator('.view-line').getByText("'gpt-4o'", { exact: true }).click();
    await workbench.runCommand('Show or Focus Hover');
    const hover = workbench.page.locator('.monaco-hover:visible', { hasText: 'USD per million' });
    await hover.getByText('Prices of').waitFor();
    await shot('hover');
  });

  test('at the end of the line instead, chosen from a lens', async () => {
    await workbench.openFile('answer.mjs');
    await workbench.codeLens(/tok ·/).first().click();
    await workbench.quickInputRows.filter({ hasText: 'Show them at the end of the line' }).click();
    await eventually('text after the line', async () => {
      const line = workbench.page.locator('.view-line', { hasText: "model: 'gpt-4o'" });
      const after = await line
        .locator('span')
        .evaluateAll((spans) => spans.map((span) => getComputedStyle(span, '::after').content).join(' '));
      return after.replaceAll('\u00a0', ' ').includes('openai/gpt-4o · $2.50 in / $10 out per M') ? true : undefined;
    });
    await noLens();
    await shot('end-of-line');
  });
});
