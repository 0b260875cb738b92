import * as assert from 'node:assert/strict';
import {
  type CodeAction,
  type CompletionList,
  commands,
  type Diagnostic,
  languages,
  Range,
  window,
  workspace,
} from 'vscode';
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

const path = 'tollgate.jsonc';

const own = (): Diagnostic[] =>
  languages.getDiagnostics(workspaceUri(path)).filter(({ source }) => source === 'Tollgate');

function problems(count: number): Promise<Diagnostic[]> {
  return eventually(`${count} problems`, () => (own().length === count ? own() : undefined));
}

suite('tollgate.jsonc', () => {
  teardown(async () => {
    await closeAll();
    if ((await fileText(path)) !== undefined) await workspace.fs.delete(workspaceUri(path));
    await problems(0);
  });

  test('the command makes one that has no problems', async () => {
    await commands.executeCommand('tollgate.openConfig');
    assert.equal(window.activeTextEditor?.document.uri.path, workspaceUri(path).path);
    assert.equal(window.activeTextEditor?.document.languageId, 'jsonc');
    assert.match((await fileText(path)) ?? '', /"version": 1/);
    assert.deepEqual(own(), []);
  });

  test('a broken file is in Problems though it is not open, and the last good one stays in force', async () => {
    await write(path, '{ "version": 1, "aliases": { "gpt-4o": { "targets": ["openai/gpt-4o-mini"] } } }');
    const { document } = await show('summarise.py');
    const aliased = 'gpt-4o → openai/gpt-4o-mini · $0.15 in / $0.60 out per M · Change the alias…';
    await eventually('lens of the alias', async () =>
      (await lenses(document))[0]?.title === aliased ? true : undefined,
    );
    await write(path, '{ "version": 1, "aliases": { "gpt-4o": ');
    const broken = await eventually('problem', () => (own().length > 0 ? own() : undefined));
    assert.equal(broken[0]?.code, 'syntax');
    assert.equal((await lensesOnceThere(document))[0]?.title, aliased);
    await write(path, '{ "version": 1 }');
    await problems(0);
    await eventually('lens of the model', async () =>
      (await lenses(document))[0]?.title.startsWith('openai/gpt-4o ·') ? true : undefined,
    );
  });

  test('an unknown key is corrected by its quick fix', async () => {
    await write(path, '{ "version": 1, "alaises": {} }');
    const editor = await show(path);
    const [problem] = await problems(1);
    assert.ok(problem);
    const fix = await quickFix(problem.range, 'aliases');
    assert.ok(fix.edit);
    await workspace.applyEdit(fix.edit);
    assert.equal(editor.document.getText(), '{ "version": 1, "aliases": {} }');
    await problems(0);
  });

  test('each mistake of an open file is told once, and values are still offered', async () => {
    const text = `{
  "version": 1,
  "alaises": {},
  "cache": { "scope": "planet" },
  "budgets": [{ "scope": "workspace", "limitUsd": "much" }],
  "aliases": { "main": { "targets": ["gpt-4o"], "onOverflow": "" } },
  "tiers": [],
  "tiers": [],
}`;
    await write(path, text);
    const { document } = await show(path);
    const lines = (): string[] =>
      languages
        .getDiagnostics(workspaceUri(path))
        .map(({ range, source }) => `${range.start.line} ${source}`)
        .sort();
    const wanted = ['2 Tollgate', '3 Tollgate', '4 Tollgate', '4 Tollgate', '5 Tollgate', '5 Tollgate'];
    const ours = (): string[] => lines().filter((line) => !/^[67] /.test(line));
    await eventually('own problems', () => (ours().length >= wanted.length ? true : undefined));
    // The editor's own support tells of the duplicate key and the comma, and of nothing that we tell of.
    const grammar = (): string[] => lines().filter((line) => /^[67] /.test(line));
    // The trailing comma's warning has no other source than the editor.
    await eventually('report of the editor alone', () => {
      const found = grammar();
      return found.length > 0 && found.every((line) => !line.endsWith('Tollgate')) ? true : undefined;
    });
    assert.deepEqual(ours(), wanted);
    const at = document.positionAt(text.indexOf('"onOverflow": "') + '"onOverflow": "'.length);
    const labels = await eventually('values', async () => {
      const { items } = await commands.executeCommand<CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      );
      const found = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.length > 0 ? found : undefined;
    });
    for (const value of ['"error"', '"truncate"', '"largerTarget"']) assert.ok(labels.includes(value), labels.join());
  });

  test('a key in the file is an error, and its quick fix puts a reference in its place', async () => {
    const key = `sk-${'a1'.repeat(20)}`;
    await write(path, `{ "version": 1, "providers": { "openai": { "dialect": "openai", "apiKey": "${key}" } } }`);
    const editor = await show(path);
    const [problem] = await problems(1);
    assert.equal(problem?.code, 'secretInFile');
    assert.ok(!problem?.message.includes(key));
    const fix = await quickFix(problem?.range ?? new Range(0, 0, 0, 0), 'secret:openai');
    assert.ok(fix.edit);
    await workspace.applyEdit(fix.edit);
    assert.match(editor.document.getText(), /"apiKey": "secret:openai"/);
    assert.equal(fix.command?.command, 'tollgate.setProviderKey');
    await problems(0);
  });
});

async function quickFix(range: Range, text: string): Promise<CodeAction> {
  return eventually(`quick fix with ${text}`, async () => {
    const uri = workspaceUri(path);
    const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range);
    return actions.find(({ title }) => title.includes(text));
  });
}
