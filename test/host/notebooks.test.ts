import * as assert from 'node:assert/strict';
import { type CodeLens, commands, window, workspace } from 'vscode';
import { closeAll, hoverAt, workspaceUri } from './support/editor.ts';

suite('notebooks', () => {
  teardown(closeAll);

  test('cells have no code lenses of ours, but hovers; the model of one cell prices the prompts of another', async () => {
    const notebook = await workspace.openNotebookDocument(workspaceUri('notebooks/rank.ipynb'));
    await window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    assert.match(await hoverAt(document, 'gpt-4o-mini'), /USD per million/);
    const prompt = notebook.cellAt(1).document;
    assert.match(await hoverAt(prompt, 'You rank'), /Priced with openai\/gpt\\-4o\\-mini, the only model in this file/);
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
    assert.deepEqual(
      lenses.filter(({ command }) => command?.command.startsWith('tollgate.')),
      [],
    );
  });
});
