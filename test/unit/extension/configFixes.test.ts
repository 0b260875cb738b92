import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfigFile } from '../../../src/config/parseConfigFile.ts';
import { configFix } from '../../../src/extension/config/configFixes.ts';

/** The text after the fixes of all its problems, last first. */
function fixed(text: string): string {
  const { problems } = parseConfigFile(text, 'workspace');
  return problems.toReversed().reduce((result, problem) => {
    const fix = configFix(text, problem);
    return fix ? result.slice(0, fix.span.start) + fix.newText + result.slice(fix.span.end) : result;
  }, text);
}

test('an unknown key becomes the known one that is nearest, in its own object', () => {
  assert.equal(fixed('{ "version": 1, "alaises": {} }'), '{ "version": 1, "aliases": {} }');
  assert.equal(
    fixed('{ "version": 1, "cache": { "exact": { "ttlMS": 86400000 } } } // kept'),
    '{ "version": 1, "cache": { "exact": { "ttlMs": 86400000 } } } // kept',
  );
  assert.equal(fixed('{ "version": 1, "nothingLikeIt": {} }'), '{ "version": 1, "nothingLikeIt": {} }');
});

test('a provider key becomes a reference to where it is to be stored', () => {
  const secret = `sk-ant-${'a1'.repeat(20)}`;
  assert.equal(
    fixed(`{ "version": 1, "providers": { "mine": { "dialect": "anthropic", "apiKey": "${secret}" } } }`),
    '{ "version": 1, "providers": { "mine": { "dialect": "anthropic", "apiKey": "secret:mine" } } }',
  );
  assert.equal(fixed(`{ "version": 1 } // my key: ${secret}`), '{ "version": 1 } // my key: ');
});
