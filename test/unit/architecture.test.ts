import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

const sourceRoot = resolve(import.meta.dirname, '../../src');

const core = [
  'catalog',
  'config',
  'wire',
  'tokens',
  'store',
  'attribution',
  'budget',
  'cache',
  'routing',
  'ledger',
  'callsites',
];
const everything = [...core, 'detect', 'scan', 'advice', 'proxy', 'batch', 'service', 'cli', 'panel'];

/** Who may import whom: the table of ARCHITECTURE.md, which this test keeps true. */
const mayImport: Record<string, readonly string[]> = {
  catalog: [],
  tokens: ['catalog'],
  config: ['catalog'],
  detect: ['catalog'],
  scan: ['catalog', 'config', 'detect', 'tokens'],
  advice: ['catalog', 'config', 'detect', 'tokens'],
  wire: ['catalog'],
  attribution: ['config', 'wire'],
  store: [],
  budget: ['catalog', 'config', 'tokens', 'wire'],
  cache: ['catalog', 'config', 'store', 'tokens', 'wire'],
  routing: ['catalog', 'config', 'wire'],
  ledger: ['catalog', 'config', 'store'],
  callsites: ['catalog', 'detect', 'ledger'],
  proxy: core,
  batch: ['catalog', 'config', 'detect', 'ledger', 'store', 'tokens', 'wire'],
  service: everything.filter((room) => room !== 'cli' && room !== 'panel'),
  cli: everything.filter((room) => room !== 'panel'),
  panel: ['catalog'],
  extension: everything,
};

interface Import {
  readonly room: string;
  readonly file: string;
  readonly target: string;
  readonly line: string;
}

const importPattern =
  /^\s*(?:import|export)\b[^;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s*['"]([^'"]+)['"]/gm;

function imports(): Import[] {
  return readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const room = file.split(sep)[0] ?? '';
      const text = readFileSync(join(sourceRoot, file), 'utf8');
      return [...text.matchAll(importPattern)].map((match) => {
        const specifier = match[1] ?? match[2] ?? match[3] ?? '';
        const target = specifier.startsWith('.')
          ? (relative(sourceRoot, resolve(sourceRoot, dirname(file), specifier)).split(sep)[0] ?? '')
          : specifier;
        return { room, file, target, line: match[0].trim() };
      });
    });
}

test('only src/extension imports vscode, types included', () => {
  assert.deepEqual(
    imports().filter(({ room, target }) => target === 'vscode' && room !== 'extension'),
    [],
  );
});

test('rooms import only what the table allows', () => {
  const wrong = imports().filter(
    ({ room, target }) => target in mayImport && target !== room && !mayImport[room]?.includes(target),
  );
  assert.deepEqual(wrong, []);
});

test('every folder of src is a room of the table', () => {
  const rooms = readdirSync(sourceRoot, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(
    rooms.map((entry) => entry.name).filter((name) => !(name in mayImport)),
    [],
  );
});

test('no cycles between files of one room', () => {
  const edges = new Map<string, string[]>();
  for (const file of readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ts$/.test(name),
  )) {
    const text = readFileSync(join(sourceRoot, file), 'utf8');
    const targets = [...text.matchAll(importPattern)]
      .filter((match) => !/^\s*(?:import|export)\s+type\b/.test(match[0]))
      .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(sourceRoot, resolve(sourceRoot, dirname(file), specifier)));
    edges.set(file, targets);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path, file].join(' → ')}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
});

test('nobody has default exports, barrels or a utils folder', () => {
  const files = readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    files.filter((file) => /(^|[\\/])(index|utils?|helpers?)(\.ts)?$/.test(file)),
    [],
  );
});

test('zod is imported as a namespace: `import { z }` brings the messages of every language into each bundle', () => {
  assert.deepEqual(
    imports().filter(({ target, line }) => target === 'zod' && /^import\s*\{/.test(line)),
    [],
  );
});
