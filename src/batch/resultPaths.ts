import { basename, dirname, join } from 'node:path';
import type { ResultKind } from './jobRecord.ts';

const endings = [
  '.prompt.md',
  '.prompt.yml',
  '.prompt.yaml',
  '.prompty',
  '.prompt',
  '.md',
  '.txt',
  '.jsonl',
  '.json',
  '.yaml',
  '.yml',
];

function stem(path: string): string {
  const name = basename(path);
  const ending = endings.find((known) => name.toLowerCase().endsWith(known));
  return ending === undefined || ending.length === name.length ? name : name.slice(0, -ending.length);
}

/**
 * Where results go: beside the prompt, `name.result.md`, `name.result.json` or `name.results.jsonl`. Prompts that differ
 * in their ending only keep it (`name.txt.result.md`).
 * @param promptPaths every prompt of the plan
 */
export function createResultPaths(promptPaths: readonly string[]): (promptPath: string, kind: ResultKind) => string {
  const bearers = new Map<string, Set<string>>();
  const place = (path: string): string => join(dirname(path), stem(path).toLowerCase());
  for (const path of promptPaths) bearers.set(place(path), (bearers.get(place(path)) ?? new Set()).add(path));
  return (promptPath, kind) => {
    const isAlone = (bearers.get(place(promptPath))?.size ?? 0) < 2;
    const name = isAlone ? stem(promptPath) : basename(promptPath);
    return join(dirname(promptPath), name + resultEnding(kind, 1));
  };
}

function resultEnding(kind: ResultKind, number: number): string {
  const mark = number === 1 ? '' : `.${number}`;
  if (kind === 'rows') return `.results${mark}.jsonl`;
  return `.result${mark}.${kind === 'json' ? 'json' : 'md'}`;
}

const anyResultEnding = /\.results?(?:\.\d+)?\.(?:md|json|jsonl)$/;

/** The same result under its n-th name: `name.result.2.md`. */
export function numberedPath(resultPath: string, kind: ResultKind, number: number): string {
  return resultPath.replace(anyResultEnding, '') + resultEnding(kind, number);
}

/** The result as Markdown after all: a JSON answer that is none. */
export function asTextPath(resultPath: string): string {
  return numberedPath(resultPath, 'text', 1);
}
