import { configJsonSchema } from './configJsonSchema.ts';
import type { Path } from './jsonTree.ts';

function child(schema: unknown, name: string): unknown {
  if (typeof schema !== 'object' || schema === null) return undefined;
  return new Map<string, unknown>(Object.entries(schema)).get(name);
}

function alternatives(schema: unknown): unknown[] {
  const forms = child(schema, 'anyOf') ?? child(schema, 'oneOf');
  return Array.isArray(forms) ? forms.flatMap(alternatives) : [schema];
}

function step(schema: unknown, part: string | number): unknown[] {
  const own = typeof part === 'number' ? child(schema, 'items') : child(child(schema, 'properties'), part);
  const any = typeof part === 'number' ? undefined : child(schema, 'additionalProperties');
  return [own ?? any].flatMap(alternatives);
}

/** The keys that the file's definition knows in the object at `path`. */
export function knownKeys(path: Path): string[] {
  const schemas = path.reduce<unknown[]>(
    (at, part) => at.flatMap((schema) => step(schema, part)),
    alternatives(configJsonSchema()),
  );
  const keys = schemas.flatMap((schema) => Object.keys(child(schema, 'properties') ?? {}));
  return [...new Set(keys)].filter((key) => !key.startsWith('$'));
}
