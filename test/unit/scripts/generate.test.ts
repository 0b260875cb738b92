import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedText, generatedFiles } from '../../../scripts/generate.ts';

for (const file of generatedFiles)
  test(`${file.path} is current (else: npm run generate)`, () => {
    assert.equal(committedText(file), file.text());
  });
