import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { allowMetering, eventually, statusItemId } from '../support/newUserWalk.ts';
import { openVscode, type VscodeFixture } from '../support/vscodeFixture.ts';
import { servicePid } from '../support/vscodeServer.ts';
import { Workbench } from '../support/workbench.ts';

const spend = /\$\d+\.\d+ today/;

describe('the service behind the windows', () => {
  let vscode: VscodeFixture;
  let first: Workbench;
  const pid = (): number | undefined => servicePid(vscode.server.profile.tollgateHome);

  before(async () => {
    vscode = await openVscode('service');
    first = await Workbench.open(vscode.browser, vscode.server, vscode.folder);
    await first.statusItem(statusItemId).filter({ hasText: spend }).waitFor();
    await allowMetering(first);
  });
  after(() => vscode.close());

  test('a second window attaches to the service of the first', async () => {
    const before = pid();
    const second = await Workbench.open(vscode.browser, vscode.server, vscode.folder);
    await second.statusItem(statusItemId).filter({ hasText: spend }).waitFor();
    assert.equal(pid(), before);
    await second.close();
    await first.statusItem(statusItemId).filter({ hasText: spend }).waitFor();
  });

  test('killed with -9, it comes back with everything that was spent, and open terminals go on', async () => {
    const status = first.statusItem(statusItemId);
    await first.runInTerminal('node run.mjs 2 && touch shift-over');
    await eventually('the first shift is over', () => existsSync(join(vscode.folder, 'shift-over')) || undefined, 60);
    const spent = await eventually('the spend stands still', async () => {
      const text = (await status.textContent()) ?? '';
      await sleep(1500);
      return (await status.textContent()) === text ? text : undefined;
    });
    const killed = pid();
    assert.ok(killed);
    process.kill(killed, 'SIGKILL');
    await eventually('another service', () => (pid() !== undefined && pid() !== killed ? true : undefined));
    await status.filter({ hasText: spend }).waitFor();
    await eventually('what was spent is there again', async () =>
      (await status.textContent()) === spent ? true : undefined,
    );
    await first.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await first.page.keyboard.type('node run.mjs 3');
    await first.page.keyboard.press('Enter');
    await eventually('the same terminal is still metered', async () =>
      (await status.textContent()) === spent ? undefined : true,
    );
    await first.screenshot(join(vscode.screenshots, 'after-kill.png'));
  });

  test('a broken tollgate.jsonc is in Problems, and the last good one stays in force', async () => {
    writeFileSync(join(vscode.folder, 'tollgate.jsonc'), '{ "version": 1, "aliasse": {} }\n');
    await first.openFile('tollgate.jsonc');
    await first.runCommand('View: Focus Problems');
    await first.page
      .locator('.markers-panel .monaco-list-row')
      .filter({ hasText: /aliasse/ })
      .first()
      .waitFor();
    await first.screenshot(join(vscode.screenshots, 'broken-config.png'));
    await first.statusItem(statusItemId).filter({ hasText: spend }).waitFor();
    await first.openFile('answer.mjs');
    await first.codeLens(/openai\/gpt-4o · \$2\.50 in/).waitFor();
  });
});
