import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, extensions } from 'vscode';
import { commandIds } from '../../src/extension/contributions.ts';
import { closeAll, extensionId, lensesOnceThere, show } from './support/editor.ts';

interface WorkerReport {
  readonly workers: readonly unknown[];
}

/** Worker threads of this process, the extension host. */
function workerThreads(): number {
  const report: unknown = process.report.getReport();
  const isReport = (value: unknown): value is WorkerReport =>
    typeof value === 'object' && value !== null && 'workers' in value && Array.isArray(value.workers);
  assert.ok(isReport(report));
  return report.workers.length;
}

suite('activation', () => {
  suiteTeardown(closeAll);

  test('the extension activates, and every declared command is registered', async () => {
    const extension = extensions.getExtension(extensionId);
    assert.ok(extension);
    await extension.activate();
    const registered = (await commands.getCommands(true)).filter((id) => id.startsWith('tollgate.'));
    const own = registered.filter((id) => !/\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(id));
    assert.deepEqual(own.sort(), Object.values(commandIds).sort());
  });

  test('the bundle leaves `navigator` alone, whose mere reading VS Code logs as an error of the extension', () => {
    const path = extensions.getExtension(extensionId)?.extensionPath;
    assert.ok(path);
    assert.doesNotMatch(readFileSync(join(path, 'dist', 'extension.js'), 'utf8'), /typeof navigator\b/);
  });

  test('the token worker starts with the first document that needs it, not before', async () => {
    const before = workerThreads();
    const { document } = await show('summarise.py');
    await lensesOnceThere(document);
    assert.equal(workerThreads(), before + 1);
  });
});
