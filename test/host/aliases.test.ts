import * as assert from 'node:assert/strict';
import { type CodeAction, commands, Position, Range, type TextEditor, WorkspaceEdit, workspace } from 'vscode';
import {
  closeAll,
  eventually,
  fileText,
  lenses,
  lensesOnceThere,
  show,
  workspaceUri,
  write,
} from './support/editor.ts';
import { acceptUntil } from './support/quickInput.ts';

const generated = ['tollgate.jsonc', 'tollgate_models.py', 'tollgateModels.ts'];

/** Runs the command at the first place of `text` and takes what its quick inputs offer first. */
async function useFirstAlias(editor: TextEditor, text: string, command = 'tollgate.useAlias'): Promise<void> {
  const { document } = editor;
  const before = document.getText();
  const place = { uri: document.uri.toString(), offset: before.indexOf(text) };
  const running = commands.executeCommand(command, place);
  await acceptUntil('alias in the code', () => document.getText() !== before);
  await running;
}

suite('aliases', () => {
  teardown(async () => {
    await closeAll();
    for (const path of generated)
      if ((await fileText(path)) !== undefined) await workspace.fs.delete(workspaceUri(path));
  });

  test('a new alias: code, configuration and map in one step, taken back by one undo', async () => {
    const editor = await show('summarise.py');
    await lensesOnceThere(editor.document);
    const before = editor.document.getText();
    await useFirstAlias(editor, 'gpt-4o"');
    const after = editor.document.getText();
    assert.match(after, /^from openai import OpenAI\nfrom tollgate_models import models\n/);
    assert.match(after, /\n {8}model=models\.quality, {2}# the price stands above this line\n/);
    assert.match(
      (await fileText('tollgate.jsonc')) ?? '',
      /"quality": \{\s*"targets": \[\s*"openai\/gpt-4o"\s*\]\s*\}/,
    );
    assert.match((await fileText('tollgate_models.py')) ?? '', /quality = "quality" if _TOLLGATE else "gpt-4o"/);
    await commands.executeCommand('undo');
    await eventually('source as it was', () => (editor.document.getText() === before ? true : undefined));
    await eventually('files gone', async () =>
      (await fileText('tollgate.jsonc')) === undefined && (await fileText('tollgate_models.py')) === undefined
        ? true
        : undefined,
    );
  });

  test('an existing alias leaves the configuration with its comments as it is; undo takes code and map back', async () => {
    const config =
      '{\n  // ours\n  "version": 1,\n  "aliases": { "main": { "targets": ["openai/gpt-4o"] } } // last\n}\n';
    await write('tollgate.jsonc', config);
    const editor = await show('translate.ts');
    await lensesOnceThere(editor.document);
    await useFirstAlias(editor, 'gpt-4o');
    assert.match(editor.document.getText(), /model: models\.main, \/\/ keep this comment\n/);
    assert.match(
      editor.document.getText(),
      /^import OpenAI from 'openai';\nimport \{ models \} from '\.\/tollgateModels/,
    );
    assert.equal(await fileText('tollgate.jsonc'), config);
    assert.match((await fileText('tollgateModels.ts')) ?? '', /main: tollgate \? 'main' : 'gpt-4o'/);
  });

  test('the line keeps its price when the literal has become a member, and the member can be exchanged', async () => {
    await write(
      'tollgate.jsonc',
      '{ "version": 1, "aliases": { "main": { "targets": ["openai/gpt-4o"] }, "small": { "targets": ["openai/gpt-4o-mini"] } } }',
    );
    const editor = await show('summarise.py');
    await lensesOnceThere(editor.document);
    await useFirstAlias(editor, 'gpt-4o"');
    const lensOf = (alias: string): Promise<string[]> =>
      eventually(`lens of ${alias}`, async () => {
        const titles = (await lenses(editor.document)).map(({ title }) => title);
        return titles[0]?.startsWith(alias) ? titles : undefined;
      });
    assert.deepEqual(await lensOf('main'), [
      'main → openai/gpt-4o · $2.50 in / $10 out per M · Change the alias…',
      '37 tok · $0.000093 in',
      '31 tok · $0.000078 in + 1 variable',
      'openai/gpt-4o-mini · $0.15 in / $0.60 out per M · Use an alias…',
    ]);
    await useFirstAlias(editor, 'models.main');
    assert.match(editor.document.getText(), /\n {8}model=models\.small, {2}# the price/);
    assert.equal((await lensOf('small'))[1], '37 tok · $0.0000056 in');
  });

  test('a configuration that is being edited keeps what was typed, and is not saved for the user', async () => {
    await write('tollgate.jsonc', '{\n  "version": 1\n}\n');
    const config = await show('tollgate.jsonc');
    await config.edit((edit) => edit.insert(new Position(0, 0), '// typed, not saved\n'));
    const editor = await show('summarise.py');
    await lensesOnceThere(editor.document);
    await useFirstAlias(editor, 'gpt-4o-mini');
    assert.match(config.document.getText(), /^\/\/ typed, not saved\n\{\n {2}"version": 1,\n {2}"aliases": \{/);
    assert.ok(config.document.isDirty);
    await commands.executeCommand('workbench.action.files.revert');
  });

  test('all places of a model in a file', async () => {
    const editor = await show('summarise.py');
    await editor.edit((edit) =>
      edit.insert(
        new Position(editor.document.lineCount, 0),
        '\n\nclient.responses.create(model="gpt-4o", input="x")\n',
      ),
    );
    await useFirstAlias(editor, 'gpt-4o"', 'tollgate.useAliasEverywhereInFile');
    const text = editor.document.getText();
    assert.equal(text.match(/model=models\.quality/g)?.length, 2);
    assert.equal(text.match(/"gpt-4o-mini"/g)?.length, 1);
    assert.equal(text.match(/import models/g)?.length, 1);
  });

  test('code actions stand on a model and nowhere else', async () => {
    const { document } = await show('summarise.py');
    await lensesOnceThere(document);
    const titlesAt = async (line: number, character: number): Promise<string[]> => {
      const range = new Range(line, character, line, character);
      const actions = await commands.executeCommand<CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
      );
      return actions.map(({ title }) => title).filter((title) => title.includes('alias'));
    };
    assert.deepEqual(await titlesAt(7, 18), ['Use an alias for gpt-4o…']);
    assert.deepEqual(await titlesAt(8, 10), []);
  });

  test('a prompt file gets the plain string', async () => {
    const editor = await show('prompts/welcome.prompt');
    await lensesOnceThere(editor.document);
    await useFirstAlias(editor, 'openai/gpt-4o-mini');
    assert.match(editor.document.getText(), /^---\nmodel: cheap\n---\n/);
  });

  test('the map follows the configuration when that is saved', async () => {
    await write('tollgate.jsonc', '{\n  "version": 1,\n  "aliases": { "main": { "targets": ["openai/gpt-4o"] } }\n}\n');
    const editor = await show('summarise.py');
    await lensesOnceThere(editor.document);
    await useFirstAlias(editor, 'gpt-4o"');
    assert.match((await fileText('tollgate_models.py')) ?? '', /else "gpt-4o"/);
    const config = await show('tollgate.jsonc');
    const edit = new WorkspaceEdit();
    const at = config.document.getText().indexOf('gpt-4o');
    edit.insert(config.document.uri, config.document.positionAt(at + 'gpt-4o'.length), '-mini');
    await workspace.applyEdit(edit);
    assert.ok(await config.document.save());
    await eventually('map with the new model', async () =>
      ((await fileText('tollgate_models.py')) ?? '').includes('else "gpt-4o-mini"') ? true : undefined,
    );
  });
});
