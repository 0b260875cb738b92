import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configJsonSchema } from '../../../src/config/configJsonSchema.ts';
import { knownKeys } from '../../../src/config/knownKeys.ts';

/** Every property of the schema with its path, wherever it is nested. */
function properties(schema: unknown, path = ''): [path: string, property: object][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]): [string, object][] => {
    if (key !== 'properties') return properties(value, key === 'additionalProperties' ? `${path}.*` : path);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, property]: [string, unknown]): [string, object][] =>
      typeof property === 'object' && property !== null
        ? [[`${path}.${name}`, property], ...properties(property, `${path}.${name}`)]
        : [],
    );
  });
}

test('every key explains itself on hover, in plain text too', () => {
  const silent = properties(configJsonSchema()).filter(
    ([path, property]) =>
      path !== '.$schema' &&
      !('const' in property) &&
      !('markdownDescription' in property && 'description' in property),
  );
  assert.deepEqual(
    silent.map(([path]) => path),
    [],
  );
});

test('every choice explains each of its values, or names things that need no explanation', () => {
  const plain = new Set(['.budgets.window']);
  const silent = properties(configJsonSchema()).filter(
    ([path, property]) => 'enum' in property && !('markdownEnumDescriptions' in property) && !plain.has(path),
  );
  assert.deepEqual(
    silent.map(([path]) => path),
    [],
  );
});

test('unknown keys are refused at every level', () => {
  const open: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if ('properties' in schema && !('additionalProperties' in schema)) open.push(path);
    for (const [key, value] of Object.entries(schema)) visit(value, `${path}/${key}`);
  };
  visit(configJsonSchema(), '');
  assert.deepEqual(open, []);
});

test('the keys known at a path, through lists, names and alternatives', () => {
  assert.deepEqual(knownKeys(['cache', 'exact']), ['mode', 'ttlMs', 'maxBytes']);
  assert.deepEqual(knownKeys(['cache', 'store']), ['kind', 'key', 'url', 'prefix']);
  assert.deepEqual(knownKeys(['aliases', 'anything', 'fallback']), ['on', 'maxAttempts', 'deadlineMs']);
  assert.deepEqual(knownKeys(['routes', 3, 'escalate']), ['to', 'on']);
  assert.deepEqual(knownKeys(['nowhere']), []);
});
