import * as assert from 'node:assert/strict';
import {
  type CodeAction,
  ConfigurationTarget,
  commands,
  type Diagnostic,
  DiagnosticSeverity,
  languages,
  type TextDocument,
  workspace,
} from 'vscode';
import { closeAll, eventually, show, workspaceUri, write } from './support/editor.ts';

const path = 'advised.py';
const source = `from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(
    model="gpt-4o",
    messages=[{"role": "user", "content": "Classify the following ticket as bug, question or praise."}],
)
`;

const ruleOf = ({ code }: Diagnostic): string => String(typeof code === 'object' ? code.value : code);

function advice(document: TextDocument): Diagnostic[] {
  return languages
    .getDiagnostics(document.uri)
    .filter((diagnostic) => diagnostic.source === 'Tollgate')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** The rules of a document's advice, once they are these. */
async function rulesOnceThey(
  document: TextDocument,
  what: string,
  are: (rules: string[]) => boolean,
): Promise<string[]> {
  return eventually(what, () => {
    const rules = advice(document).map(ruleOf).sort();
    return are(rules) ? rules : undefined;
  });
}

async function actionsAt(document: TextDocument, rule: string): Promise<CodeAction[]> {
  const diagnostic = advice(document).find((each) => ruleOf(each) === rule);
  assert.ok(diagnostic, rule);
  return commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, diagnostic.range);
}

async function titlesAt(document: TextDocument, rule: string): Promise<string[]> {
  return (await actionsAt(document, rule)).map(({ title }) => title);
}

async function actionAt(document: TextDocument, rule: string, title: RegExp): Promise<CodeAction> {
  const actions = await actionsAt(document, rule);
  const action = actions.find((each) => title.test(each.title) && each.kind?.value === 'quickfix');
  assert.ok(action, `${title} among ${actions.map((each) => each.title).join(', ')}`);
  return action;
}

suite('advice', () => {
  teardown(async () => {
    await workspace.getConfiguration().update('tollgate.advice', undefined, ConfigurationTarget.Global);
    await closeAll();
    await workspace.fs.delete(workspaceUri(path));
  });

  test('diagnostics with a page each, and a fix that takes one away', async () => {
    await write(path, source);
    const { document } = await show(path);
    const rules = await rulesOnceThey(document, 'advice', (found) => found.length > 0);
    assert.deepEqual(rules, ['flagship-for-simple-task', 'hardcoded-model', 'missing-max-tokens']);
    const flagship = advice(document).find((each) => ruleOf(each) === 'flagship-for-simple-task');
    assert.equal(flagship?.severity, DiagnosticSeverity.Information);
    assert.match(
      flagship?.message ?? '',
      /gpt-4o-mini does such tasks for less\. Its \d+ input tokens would save about \$0\.0\d+/,
    );
    const page = typeof flagship?.code === 'object' ? flagship.code.target.path : '';
    assert.match(page, /\/docs\/advice\/flagship-for-simple-task\.md$/);

    const alias = /^Use an alias for gpt-4o…$/;
    await actionAt(document, 'hardcoded-model', alias);
    assert.equal((await titlesAt(document, 'hardcoded-model')).filter((title) => alias.test(title)).length, 1);

    const fix = await actionAt(document, 'missing-max-tokens', /^Limit the answer to 1,024 tokens$/);
    assert.ok(fix.edit && (await workspace.applyEdit(fix.edit)));
    assert.match(document.getText(), /\n {4}max_completion_tokens=1024,\n {4}model="gpt-4o",\n/);
    await rulesOnceThey(document, 'advice without the limit', (found) => !found.includes('missing-max-tokens'));

    const ignore = await actionAt(document, 'hardcoded-model', /^Ignore hardcoded-model on this line$/);
    assert.ok(ignore.edit && (await workspace.applyEdit(ignore.edit)));
    assert.match(document.getText(), /\n {4}# tollgate-ignore hardcoded-model\n {4}model=/);
    assert.deepEqual(
      await rulesOnceThey(document, 'advice without the alias', (found) => !found.includes('hardcoded-model')),
      ['flagship-for-simple-task'],
    );
    await commands.executeCommand('workbench.action.files.revert');
  });

  test('a rule that is off is silent, the others go on', async () => {
    await write(path, source);
    const { document } = await show(path);
    await rulesOnceThey(document, 'advice', (found) => found.length === 3);
    const off = { 'hardcoded-model': 'off', 'missing-max-tokens': 'information' };
    await workspace.getConfiguration().update('tollgate.advice', off, ConfigurationTarget.Global);
    assert.deepEqual(await rulesOnceThey(document, 'less advice', (found) => found.length === 2), [
      'flagship-for-simple-task',
      'missing-max-tokens',
    ]);
    const limit = advice(document).find((each) => ruleOf(each) === 'missing-max-tokens');
    assert.equal(limit?.severity, DiagnosticSeverity.Information);
  });
});
