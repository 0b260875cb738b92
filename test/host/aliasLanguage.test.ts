import * as assert from 'node:assert/strict';
import {
  type CompletionList,
  commands,
  Location,
  type LocationLink,
  Position,
  type TextDocument,
  type WorkspaceEdit,
  workspace,
} from 'vscode';
import {
  closeAll,
  eventually,
  fileText,
  hoverAt,
  lensesOnceThere,
  show,
  workspaceUri,
  write,
} from './support/editor.ts';

const config = `{
  "version": 1,
  "aliases": {
    "cheap": { "targets": ["openai/gpt-4o-mini"] },
    "quality": { "targets": ["openai/gpt-4o"] }
  },
  "tiers": ["cheap", "quality"],
  "routes": [{ "name": "short", "use": "cheap" }]
}
`;
const strings = 'from openai import OpenAI\n\nOpenAI().responses.create(model="cheap", input="hello")\n';
const members =
  "import OpenAI from 'openai';\nimport { models } from './tollgateModels.ts';\n\nnew OpenAI().responses.create({ model: models.cheap, input: 'x' });\n";
const files = { 'tollgate.jsonc': config, 'names/strings.py': strings, 'names/members.ts': members };

/** `file line:column-column` for each place, by file. */
function placesOf(locations: readonly (Location | LocationLink)[]): string[] {
  return locations
    .map((place) => {
      const uri = place instanceof Location ? place.uri : place.targetUri;
      const range = place instanceof Location ? place.range : place.targetRange;
      const name = uri.path.split('/').at(-1);
      return `${name} ${range.start.line}:${range.start.character}-${range.end.character}`;
    })
    .sort();
}

async function rename(document: TextDocument, at: string, newName: string): Promise<WorkspaceEdit> {
  const position = document.positionAt(document.getText().indexOf(at) + 1);
  return commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, position, newName);
}

async function completions(document: TextDocument, offset: number, trigger?: string): Promise<string[]> {
  const position = document.positionAt(offset);
  const { items } = await commands.executeCommand<CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
    trigger,
  );
  const own = items.filter(({ sortText }) => sortText?.startsWith('!'));
  return own
    .sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
    .map(({ label, insertText }) =>
      typeof insertText === 'string' ? insertText : typeof label === 'string' ? label : label.label,
    );
}

suite('alias names', () => {
  suiteSetup(async () => {
    for (const [path, text] of Object.entries(files)) await write(path, text);
    // Lenses show the alias once the configuration was read.
    const { document } = await show('names/strings.py');
    await eventually('alias on the lens', async () =>
      (await lensesOnceThere(document)).some(({ title }) => title.startsWith('cheap →')) ? true : undefined,
    );
  });
  suiteTeardown(async () => {
    await closeAll();
    for (const path of ['tollgate.jsonc', 'names', 'tollgateModels.ts'])
      await Promise.resolve(workspace.fs.delete(workspaceUri(path), { recursive: true })).catch(() => undefined);
  });
  teardown(closeAll);

  const definition = async (document: TextDocument, text: string): Promise<string[]> => {
    const position = document.positionAt(document.getText().indexOf(text) + 1);
    const found = await commands.executeCommand<LocationLink[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      position,
    );
    return placesOf(found).filter((place) => place.startsWith('tollgate'));
  };

  test('definition: from a string, a member of the map, and a tier, to the key', async () => {
    const key = ['tollgate.jsonc 3:5-10'];
    assert.deepEqual(await definition((await show('names/strings.py')).document, 'cheap'), key);
    assert.deepEqual(await definition((await show('names/members.ts')).document, 'cheap'), key);
    const { document } = await show('tollgate.jsonc');
    assert.deepEqual(await definition(document, 'cheap", "quality'), key);
    assert.deepEqual(await definition(document, 'openai/gpt-4o'), []);
  });

  test('references: from the key and from code, in open files and in files on disk', async () => {
    const all = [
      'members.ts 3:46-51',
      'strings.py 2:33-38',
      'tollgate.jsonc 3:5-10',
      'tollgate.jsonc 6:13-18',
      'tollgate.jsonc 7:40-45',
    ];
    const references = async (document: TextDocument): Promise<string[]> => {
      const position = document.positionAt(document.getText().indexOf('cheap') + 1);
      const found = await commands.executeCommand<Location[]>(
        'vscode.executeReferenceProvider',
        document.uri,
        position,
      );
      return placesOf(found).filter((place) => !place.startsWith('tollgateModels'));
    };
    assert.deepEqual(await references((await show('tollgate.jsonc')).document), all);
    await closeAll();
    const editor = await show('names/strings.py');
    await editor.edit((edit) => edit.insert(new Position(0, 0), '# typed and not saved\n'));
    const moved = all.map((place) => place.replace('strings.py 2', 'strings.py 3'));
    assert.deepEqual(await references(editor.document), moved);
  });

  test('rename: configuration and code in one edit', async () => {
    const { document } = await show('tollgate.jsonc');
    const edit = await rename(document, 'cheap', 'very-cheap');
    // As the editor applies a rename: what was not edited before is saved.
    assert.ok(await workspace.applyEdit(edit, { isRefactoring: true }));
    assert.equal(await fileText('tollgate.jsonc'), config.replaceAll('"cheap"', '"very-cheap"'));
    assert.equal(await fileText('names/strings.py'), strings.replace('"cheap"', '"very-cheap"'));
    assert.equal(await fileText('names/members.ts'), members.replace('models.cheap', 'models.veryCheap'));
    for (const [path, text] of Object.entries(files)) await write(path, text);
  });

  test('rename refuses names that are taken or cannot be, and what no file declares', async () => {
    const { document } = await show('names/strings.py');
    await assert.rejects(rename(document, 'cheap', 'quality'), /"quality" is taken/);
    await assert.rejects(rename(document, 'cheap', '2 words'), /Begin with a letter/);
    await assert.rejects(rename(document, 'hello', 'other'));
  });

  test('completion: aliases where code selects a model, and nowhere else', async () => {
    const editor = await show('names/strings.py');
    const { document } = editor;
    await editor.edit((edit) => edit.insert(new Position(3, 0), 'OpenAI().responses.create(model="", input="")\n'));
    const line = document.getText().indexOf('model=""');
    assert.deepEqual(await completions(document, line + 'model="'.length, '"'), ['cheap', 'quality']);
    assert.deepEqual(await completions(document, document.getText().indexOf('input=""') + 7, '"'), []);
  });

  test('completion in the configuration: models with prices for targets, aliases for tiers', async () => {
    const editor = await show('tollgate.jsonc');
    const { document } = editor;
    const target = document.getText().indexOf('openai/gpt-4o-mini') + 'openai/'.length;
    const models = await completions(document, target, '/');
    assert.ok(
      models.includes('"openai/gpt-4o-mini"') && models.includes('"anthropic/claude-haiku-4-5"'),
      models.join(),
    );
    const tier = document.getText().indexOf('"tiers": ["') + '"tiers": ["'.length;
    assert.deepEqual(await completions(document, tier, '"'), ['"cheap"', '"quality"']);
    const hover = await hoverAt(document, 'openai/gpt-4o-mini');
    assert.match(hover, /openai\/gpt\\-4o\\-mini · \\\$0\.15 in \/ \\\$0\.60 out per M/);
    assert.match(await hoverAt(document, 'cheap"'), /cheap → openai\/gpt\\-4o\\-mini/);
  });
});
