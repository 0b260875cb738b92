import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { AliasEditRequest } from '../../../src/advice/aliasEdit.ts';
import { mapLanguage } from '../../../src/advice/mapLanguage.ts';
import { applyEdits, planAliasEdit } from '../../../src/advice/planAliasEdit.ts';
import type { ModelMention, SourceText } from '../../../src/detect/finding.ts';
import { languageTableOf } from '../../../src/detect/language/tables.ts';
import { createSyntax } from '../../../src/detect/syntax/createSyntax.ts';
import { grammarBytes, realDetector } from '../../support/detector.ts';
import { assertGolden } from '../../support/golden.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/aliasEdit');
const languageIds: Record<string, string> = {
  '.py': 'python',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.tsx': 'typescriptreact',
  '.js': 'javascript',
  '.mjs': 'javascript',
};
const mapFiles = {
  python: 'tollgate_models.py',
  typescript: 'tollgateModels.ts',
  javascript: 'tollgateModels.js',
  commonjs: 'tollgateModels.cjs',
};

const detector = realDetector();
const syntax = createSyntax({ loadGrammar: grammarBytes, loadRuntime: () => grammarBytes() });
after(() => {
  detector.dispose();
  syntax.dispose();
});

function sourceOf(file: string): SourceText {
  return {
    languageId: languageIds[extname(file)] ?? '',
    path: `src/${file}`,
    text: readFileSync(join(fixtures, file), 'utf8'),
  };
}

async function mentionsOf(source: SourceText): Promise<ModelMention[]> {
  return (await detector.detect(source)).filter((finding) => finding.kind === 'model');
}

function portable(source: SourceText, mentions: readonly ModelMention[]): AliasEditRequest {
  const language = mapLanguage(source);
  assert.ok(language);
  const inPackage = source.path.endsWith('package.py');
  const path = inPackage ? 'src/tollgate_models.py' : mapFiles[language];
  return { source, mentions, alias: 'cheap', mode: 'portable', map: { path, member: 'cheap', inPackage } };
}

async function parses(source: SourceText, text: string): Promise<boolean> {
  const table = languageTableOf(source.languageId);
  assert.ok(table);
  const tree = (await syntax.grammar(table)).parse(text);
  const ok = !tree.rootNode.hasError;
  tree.delete();
  return ok;
}

describe('all mentions of a file become the alias', () => {
  for (const file of readdirSync(fixtures)) {
    test(file, async () => {
      const source = sourceOf(file);
      const mentions = await mentionsOf(source);
      assert.ok(mentions.length > 0);
      const edit = planAliasEdit(portable(source, mentions));
      assert.equal(edit.kind, 'edit');
      const edits = edit.files.flatMap((one) => one.edits);
      const edited = applyEdits(source.text, edits);
      assertGolden(`aliasEdit/${file}`, edited);
      // Magics of notebooks are no Python.
      if (file !== 'cell.py') assert.ok(await parses(source, edited));
      const again = await mentionsOf({ ...source, text: edited });
      assert.deepEqual(again, [], 'a second run finds nothing left to replace');
    });
  }
});

test('the bare alias takes the place of the id and nothing else', async () => {
  const source = sourceOf('strict.js');
  const edit = planAliasEdit({ source, mentions: await mentionsOf(source), alias: 'cheap', mode: 'bare' });
  assert.equal(edit.kind, 'edit');
  const edits = edit.files.flatMap((one) => one.edits);
  assert.equal(applyEdits(source.text, edits), source.text.replace('gpt-4o', 'cheap'));
});

test('a prompt file takes the bare alias only', async () => {
  const text = '---\nmodel: openai/gpt-4o # quick\n---\nSay hello.\n';
  const source = { languageId: 'prompt', path: 'hello.prompt', text };
  const mentions = await mentionsOf(source);
  const map = { path: 'tollgateModels.js', member: 'cheap' };
  assert.deepEqual(planAliasEdit({ source, mentions, alias: 'cheap', mode: 'portable', map }), {
    kind: 'refused',
    reason: 'noModelMap',
  });
  const edit = planAliasEdit({ source, mentions, alias: 'cheap', mode: 'bare' });
  assert.equal(edit.kind, 'edit');
  assert.equal(applyEdits(text, edit.files[0]?.edits ?? []), '---\nmodel: cheap # quick\n---\nSay hello.\n');
});
