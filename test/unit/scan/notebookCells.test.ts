import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notebookCells } from '../../../src/scan/notebookCells.ts';

const notebook = (language: string, cells: readonly object[]): string =>
  JSON.stringify({ cells, metadata: { kernelspec: { language } }, nbformat: 4 });

test('code cells keep their place among all cells; source may be lines or one text', () => {
  const text = notebook('python', [
    { cell_type: 'markdown', source: 'gpt-4o' },
    { cell_type: 'code', source: ['a = 1\n', 'b = 2'] },
    { cell_type: 'code', source: 'c = 3' },
  ]);
  assert.deepEqual(notebookCells(text), [
    { index: 1, languageId: 'python', text: 'a = 1\nb = 2' },
    { index: 2, languageId: 'python', text: 'c = 3' },
  ]);
});

test('the language is that of the kernel, of the magic on the first line, or of the cell', () => {
  const text = notebook('C#', [
    { cell_type: 'code', source: 'var a = 1;' },
    { cell_type: 'code', source: '%%bash\necho 1' },
    { cell_type: 'code', source: 'let a = 1', metadata: { vscode: { languageId: 'typescript' } } },
  ]);
  assert.deepEqual(
    notebookCells(text)?.map(({ languageId }) => languageId),
    ['csharp', 'shellscript', 'typescript'],
  );
});

test('what is no notebook has no cells', () => {
  assert.equal(notebookCells('{"cells": 3}'), undefined);
  assert.equal(notebookCells('not json'), undefined);
});
