import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { statusItemId } from '../support/newUserWalk.ts';
import { openVscode } from '../support/vscodeFixture.ts';
import { servicePid } from '../support/vscodeServer.ts';
import { Workbench } from '../support/workbench.ts';

test('an untrusted workspace has lenses, and no service until it is trusted', async () => {
  const vscode = await openVscode('trust', {
    workspaceTrust: true,
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'always' },
  });
  try {
    const workbench = await Workbench.open(vscode.browser, vscode.server, vscode.folder);
    await workbench.dialog.getByRole('button', { name: /No, I don't trust/ }).click();
    await workbench.openFile('answer.mjs');
    await workbench.codeLens(/openai\/gpt-4o · \$2\.50 in/).waitFor();
    await workbench.screenshot(join(vscode.screenshots, 'untrusted.png'));
    assert.equal(servicePid(vscode.server.profile.tollgateHome), undefined);
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page
      .locator('.workspace-trust-editor .workspace-trust-buttons-row .monaco-button', { hasText: /^Trust/ })
      .first()
      .click();
    await workbench
      .statusItem(statusItemId)
      .filter({ hasText: /\$\d+\.\d+ today/ })
      .waitFor();
    assert.notEqual(servicePid(vscode.server.profile.tollgateHome), undefined);
  } finally {
    await vscode.close();
  }
});
