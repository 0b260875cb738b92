import { ok } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { errors, type Locator } from 'playwright-core';
import { eventually } from '../support/newUserWalk.ts';
import { openVscode, type VscodeFixture } from '../support/vscodeFixture.ts';
import { Workbench } from '../support/workbench.ts';

/** What is waited for tells it. */
function ignoreTimeout(error: unknown): void {
  if (!(error instanceof errors.TimeoutError)) throw error;
}

describe('the scan of a workspace', () => {
  let vscode: VscodeFixture;
  let workbench: Workbench;
  const shot = (name: string): Promise<void> => workbench.screenshot(join(vscode.screenshots, `${name}.png`));
  const pane = (): Locator => workbench.page.locator('.pane', { has: workbench.page.getByText('Models and Prompts') });
  const rows = (): Locator => pane().locator('.monaco-list-row');
  const row = (text: string | RegExp): Locator => rows().filter({ hasText: text }).first();

  before(async () => {
    const settings = { 'tollgate.metering.ask': false, 'tollgate.exclude': ['**/old/**'] };
    vscode = await openVscode('scan', { settings });
    for (const folder of ['old', 'ignored']) {
      mkdirSync(join(vscode.folder, folder));
      writeFileSync(join(vscode.folder, folder, 'old.py'), 'import openai\nask(model="gpt-3.5-turbo")\n');
    }
    writeFileSync(join(vscode.folder, '.gitignore'), 'ignored\n');
    workbench = await Workbench.open(vscode.browser, vscode.server, vscode.folder, { width: 1280, height: 800 });
  });
  after(() => vscode.close());

  test('says what it will do before it is asked to', async () => {
    await workbench.page.locator('.activitybar .action-label[aria-label^="Tollgate"]').click();
    await pane().getByText('Nothing leaves this machine.').waitFor();
    for (const other of ['Spend', 'Batch Jobs'])
      await workbench.page.locator('.pane-header', { hasText: other }).first().click();
    await shot('welcome');
  });

  test('finds models and prompts with their totals, and nothing that is excluded', async () => {
    await pane().getByRole('button', { name: 'Scan Workspace' }).click();
    await row('openai/gpt-4o-mini').waitFor();
    await pane()
      .getByText(/\d+ models · \d+ prompts · .* tok · .*\$0\.\d+ in.* · \d+ files read/)
      .waitFor();
    await eventually('end of the scan', async () => ((await workbench.toasts.count()) === 0 ? true : undefined));
    await shot('by-model');
    ok(!(await rows().allTextContents()).some((text) => text.includes('gpt-3.5-turbo')));
  });

  test('a click opens the place, selected', async () => {
    await row('answer.mjs').click();
    await workbench.tab('answer.mjs').waitFor();
    await eventually('selection', async () =>
      (await workbench.page.locator('.statusbar-item', { hasText: /\(\d+ selected\)/ }).count()) > 0 ? true : undefined,
    );
    await shot('opened');
  });

  test('grouped by file and by cost from the title of the view', async () => {
    for (const [choice, expected] of [
      ['Group by File', /^classify\.py\d/],
      ['Group by Estimated Cost', 'a call'],
    ] as const) {
      await pane().hover();
      await pane().getByRole('button', { name: 'Group Scan Results' }).click();
      const item = workbench.page.getByRole('menuitem', { name: choice });
      // A menu takes no click in its first moments.
      await eventually(choice, async () => {
        if ((await item.count()) === 0) return true;
        await item.click({ timeout: 1000 }).catch(ignoreTimeout);
        return undefined;
      });
      await row(expected).waitFor();
      await shot(choice.toLowerCase().replaceAll(' ', '-'));
    }
  });

  test('exported as a table, and cleared', async () => {
    await workbench.runCommand('Tollgate: Export Scan Results…');
    await workbench.quickInputRows.filter({ hasText: 'CSV' }).click();
    await eventually('table', async () =>
      (await workbench.editorLines()).some((line) => line.startsWith('file,cell,line,column,kind')) ? true : undefined,
    );
    await pane().hover();
    await pane().getByRole('button', { name: 'Clear Scan Results' }).click();
    await pane().getByRole('button', { name: 'Scan Workspace' }).waitFor();
  });
});
