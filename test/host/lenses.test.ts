import * as assert from 'node:assert/strict';
import { ConfigurationTarget, commands, Position, workspace } from 'vscode';
import { closeAll, eventually, hoverAt, lenses, lensesOnceThere, show } from './support/editor.ts';

async function setSetting(id: string, value: unknown): Promise<void> {
  await workspace.getConfiguration().update(id, value, ConfigurationTarget.Global);
}

suite('lenses', () => {
  teardown(async () => {
    for (const id of ['tollgate.display', 'tollgate.lens.minimumTokens', 'tollgate.exclude', 'tollgate.lens.prompts'])
      await setSetting(id, undefined);
    await closeAll();
  });

  test('Python: the models with their prices, the prompts with their tokens', async () => {
    const { document } = await show('summarise.py');
    assert.deepEqual(await lensesOnceThere(document), [
      { line: 7, title: 'openai/gpt-4o · $2.50 in / $10 out per M · Use an alias…' },
      { line: 10, title: '37 tok · $0.000093 in' },
      { line: 11, title: '31 tok · $0.000078 in + 1 variable' },
      { line: 18, title: 'openai/gpt-4o-mini · $0.15 in / $0.60 out per M · Use an alias…' },
    ]);
  });

  test('TypeScript and prompt files', async () => {
    const { document } = await show('translate.ts');
    assert.deepEqual(
      (await lensesOnceThere(document)).map(({ title }) => title.replace(/^\d+ tok · \$[\d.]+/, 'N tok · $N')),
      ['openai/gpt-4o · $2.50 in / $10 out per M · Use an alias…', 'N tok · $N in + 2 variables'],
    );
    const prompt = await show('prompts/welcome.prompt');
    const [model] = await lensesOnceThere(prompt.document);
    assert.equal(model?.title, 'openai/gpt-4o-mini · $0.15 in / $0.60 out per M · Use an alias…');
  });

  test('while typing, no lens goes away and all move along', async () => {
    const editor = await show('summarise.py');
    const before = await lensesOnceThere(editor.document);
    for (let typed = 0; typed < 12; typed++) {
      await editor.edit((edit) => edit.insert(new Position(0, 0), typed % 4 === 3 ? '\n' : 'x'));
      const now = await lenses(editor.document);
      const lines = Math.floor((typed + 1) / 4);
      assert.deepEqual(
        now,
        before.map(({ line, title }) => ({ line: line + lines, title })),
      );
    }
  });

  test('a model that is typed in gets its lens, and one that is deleted loses it', async () => {
    const editor = await show('summarise.py');
    const before = await lensesOnceThere(editor.document);
    await editor.edit((edit) =>
      edit.insert(
        new Position(editor.document.lineCount, 0),
        '\n\nclient.responses.create(model="gpt-4o", input="x")\n',
      ),
    );
    await eventually('lens of the new model', async () =>
      (await lenses(editor.document)).length === before.length + 1 ? true : undefined,
    );
    await commands.executeCommand('undo');
    await eventually('lens gone', async () =>
      (await lenses(editor.document)).length === before.length ? true : undefined,
    );
  });

  test('display off, the threshold and the exclude globs are obeyed at once', async () => {
    const { document } = await show('summarise.py');
    const all = await lensesOnceThere(document);
    const shown = async (count: number): Promise<true | undefined> =>
      (await lenses(document)).length === count ? true : undefined;
    await setSetting('tollgate.display', 'off');
    await eventually('lens hidden', () => shown(0));
    await setSetting('tollgate.display', undefined);
    await eventually('lens back', () => shown(all.length));
    await setSetting('tollgate.lens.minimumTokens', 32);
    await eventually('threshold', () => shown(all.length - 1));
    await setSetting('tollgate.lens.prompts', false);
    await eventually('prompts hidden', () => shown(2));
    await setSetting('tollgate.exclude', ['*.py']);
    await eventually('excluded', () => shown(0));
  });

  test('the toggle command hides and shows as it was', async () => {
    const { document } = await show('summarise.py');
    await lensesOnceThere(document);
    await setSetting('tollgate.display', 'hover');
    await eventually('hover only', async () => ((await lenses(document)).length === 0 ? true : undefined));
    await commands.executeCommand('tollgate.toggleLenses');
    assert.equal(workspace.getConfiguration().get('tollgate.display'), 'off');
    await commands.executeCommand('tollgate.toggleLenses');
    assert.equal(workspace.getConfiguration().get('tollgate.display'), 'hover');
  });

  test('the hover has the breakdown', async () => {
    const { document } = await show('summarise.py');
    assert.match(await hoverAt(document, 'gpt-4o"'), /\| standard \| \$2\.50 \| \$1\.25 \| \$10 \|/);
    assert.match(
      await hoverAt(document, 'Summarise this report'),
      /Priced with openai\/gpt\\-4o, the model of the same call/,
    );
  });
});
