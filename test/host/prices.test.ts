import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, extensions, window, workspace } from 'vscode';
import { readAppliedPrices } from '../../src/catalog/appliedPrices.ts';
import { homeAt, homeFolder } from '../../src/service/home.ts';
import { closeAll, eventually, extensionId, lenses, show } from './support/editor.ts';

interface Table {
  asOf: string;
  models: Record<string, { id: string; usd: Record<string, number> }[]>;
}

const { pricesPath } = homeAt(homeFolder(process.env, process.platform));

async function shippedPrices(): Promise<Table> {
  const extension = extensions.getExtension(extensionId);
  assert.ok(extension);
  const table: Table = JSON.parse(await readFile(join(extension.extensionPath, 'media/prices.json'), 'utf8'));
  return { ...table, asOf: '2099-01-01' };
}

async function appliedDate(): Promise<string | undefined> {
  const text = await readFile(pricesPath, 'utf8').catch(() => undefined);
  const data = readAppliedPrices(text)?.data;
  return typeof data === 'object' && data !== null && 'asOf' in data ? String(data.asOf) : undefined;
}

suite('Update Prices', () => {
  let folder = '';
  let file = '';
  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-prices-'));
    file = join(folder, 'prices.json');
    await workspace.getConfiguration().update('tollgate.prices.url', file, true);
  });
  teardown(async () => {
    await commands.executeCommand('notifications.clearAll');
    await workspace.getConfiguration().update('tollgate.prices.url', undefined, true);
    await rm(pricesPath, { force: true });
    await rm(folder, { recursive: true, force: true });
    await closeAll();
  });

  test('the same figures of a later date are taken over without a question', async () => {
    await writeFile(file, JSON.stringify(await shippedPrices()));
    void commands.executeCommand('tollgate.updatePrices');
    await eventually('applied prices', async () => ((await appliedDate()) === '2099-01-01' ? true : undefined));
  });

  test('other figures are shown first, and discarded they change nothing', async () => {
    const table = await shippedPrices();
    const model = table.models.openai?.find(({ id }) => id === 'gpt-4o');
    assert.ok(model);
    model.usd.input = 250;
    await writeFile(file, JSON.stringify(table));
    const { document } = await show('summarise.py');
    const before = await eventually('lens', async () => (await lenses(document))[0]?.title);
    void commands.executeCommand('tollgate.updatePrices');
    const text = await eventually('the changes', () =>
      window.activeTextEditor?.document.uri.scheme === 'tollgate-prices'
        ? window.activeTextEditor.document.getText()
        : undefined,
    );
    assert.match(text, /\| openai\/gpt-4o \| input \| \$2\.50 \| \$250 \| × 100 \|/);
    await commands.executeCommand('notifications.clearAll');
    assert.equal(await appliedDate(), undefined);
    assert.equal((await lenses(document))[0]?.title, before);
  });

  test('applied prices of another process are in the lenses at once', async () => {
    const { document } = await show('summarise.py');
    await eventually('lens', async () => ((await lenses(document))[0] ? true : undefined));
    const table = await shippedPrices();
    const model = table.models.openai?.find(({ id }) => id === 'gpt-4o');
    assert.ok(model);
    model.usd.input = 250;
    await writeFile(pricesPath, JSON.stringify({ url: file, appliedAtMs: 1, data: table }));
    await eventually('lens with the new price', async () =>
      (await lenses(document)).some(({ title }) => title.includes('$250 in')) ? true : undefined,
    );
  });
});
