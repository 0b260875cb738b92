import assert from 'node:assert/strict';
import { test } from 'node:test';
import grammars from '../../../src/detect/language/grammars.json' with { type: 'json' };
import { sourceLanguage, sourceLanguageIds } from '../../../src/detect/sourceLanguage.ts';

test('a file is known by its name alone, as the scan meets it', () => {
  const expected: Readonly<Record<string, string | undefined>> = {
    '/a/x.py': 'python',
    'C:\\a\\Program.CS': 'csharp',
    '/a/Main.kt': 'kotlin',
    '/a/.env': 'dotenv',
    '/a/.env.local': 'dotenv',
    '/a/prod.env': 'dotenv',
    '/a/Dockerfile': 'dockerfile',
    '/a/pyproject.toml': 'toml',
    '/a/notes.ipynb': 'notebook',
    '/a/x.prompt': 'prompt',
    '/a/x.prompty': 'prompt',
    '/a/x.prompt.md': 'prompt',
    '/a/x.jsonl': 'jsonl',
    '/a/x.unknown': undefined,
    '/a/python': undefined,
    '/a/.constructor': undefined,
    '/a/package-lock.json': undefined,
    '/a/pnpm-lock.yaml': undefined,
    '/a/app.min.js': undefined,
    '/a/tollgate.jsonc': undefined,
  };
  for (const [path, language] of Object.entries(expected)) assert.equal(sourceLanguage(path), language, path);
});

test('an editor knows better than the name, except for prompt files and files of tools', () => {
  assert.equal(sourceLanguage('/a/script', 'python'), 'python');
  assert.equal(sourceLanguage('/a/x.h', 'c'), 'c');
  assert.equal(sourceLanguage('/a/x.prompt', 'plaintext'), 'prompt');
  assert.equal(sourceLanguage('/a/x.prompt.md', 'markdown'), 'prompt');
  assert.equal(sourceLanguage('/a/x.jsonl', 'json'), 'jsonl');
  assert.equal(sourceLanguage('/a/package-lock.json', 'json'), undefined);
  assert.equal(sourceLanguage('/a/x.toml', 'plaintext'), 'toml');
  assert.equal(sourceLanguage('/a/x.py', 'search-result'), undefined);
  assert.equal(sourceLanguage('/a/x.ipynb', 'plaintext'), undefined);
});

test('every grammar belongs to a language that is looked at', () => {
  const spelledOtherwise: Readonly<Record<string, string>> = {
    tsx: 'typescriptreact',
    'c-sharp': 'csharp',
    bash: 'shellscript',
  };
  const missing = Object.keys(grammars).filter((name) => !sourceLanguageIds.includes(spelledOtherwise[name] ?? name));
  assert.deepEqual(missing, []);
});
