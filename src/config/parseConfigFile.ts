import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import type { z } from 'zod';
import type { ConfigProblem } from './config.ts';
import { describeIssue } from './describeIssue.ts';
import { configProblems, type Place } from './errors.ts';
import { type ConfigFile, fileSchema } from './fileSchema.ts';
import { keyPlaceAt, type Path, parseJsonText, pathText, placeAt, placed } from './jsonTree.ts';
import { knownKeys } from './knownKeys.ts';
import { nearestName } from './nearestName.ts';
import { findSecrets } from './secretShapes.ts';

/** `workspace` is `tollgate.jsonc`, `local` is `tollgate.local.jsonc` beside it, `user` the user's settings. */
export type LayerKind = 'workspace' | 'local' | 'user';

/** One file as read: what of it is valid, and where it stands. */
export interface ConfigLayer {
  readonly kind: LayerKind;
  /** Only valid parts: an entry with an error is left out. */
  readonly file: ConfigFile;
  /** Absent where the text is no JSON object. */
  readonly root: Node | undefined;
}

export interface ParsedConfigFile {
  readonly layer: ConfigLayer;
  readonly problems: readonly ConfigProblem[];
}

/** Sections whose entries stand on their own: one wrong alias does not take the others with it. */
const sectionsOfEntries: ReadonlySet<unknown> = new Set(['providers', 'aliases', 'routes', 'budgets']);

function issuePath(issue: z.core.$ZodIssue): Path {
  return issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

/** A literal where a reference belongs is taken for the key itself when it is as long as one. */
function isLiteralKey(path: Path, value: unknown): boolean {
  return path.at(-1) === 'apiKey' && typeof value === 'string' && value.length >= 16 && !/^(?:secret|env):/.test(value);
}

function toProblems(root: Node, issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = issuePath(issue);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) =>
      placed(configProblems.unknownKey(key, nearestName(key, known), known), keyPlaceAt(root, [...path, key])),
    );
  }
  if (issue.code === 'invalid_key')
    return [placed(configProblems.value(pathText(path), describeIssue(issue)), keyPlaceAt(root, path))];
  const node = findNodeAtLocation(root, [...path]);
  if (node === undefined)
    return [placed(configProblems.missingKey(String(path.at(-1))), keyPlaceAt(root, path.slice(0, -1)))];
  const place = placeAt(root, path);
  if (path[0] === 'version') return [placed(configProblems.versionUnknown(getNodeValue(node)), place)];
  if (isLiteralKey(path, getNodeValue(node))) return [placed(configProblems.secretInFile('a provider'), place)];
  return [placed(configProblems.value(pathText(path), describeIssue(issue)), place)];
}

/** Removes the smallest part that holds the wrong value and stands on its own. */
function withoutPart(value: unknown, path: Path): unknown {
  const remove = (node: unknown, [part, ...rest]: Path): unknown => {
    if (typeof node !== 'object' || node === null) return undefined;
    const kept = Object.entries(node).flatMap(([key, child]) => {
      if (key !== String(part)) return [[key, child] as const];
      return rest.length === 0 ? [] : [[key, remove(child, rest)] as const];
    });
    return Array.isArray(node) ? kept.map(([, child]) => child) : Object.fromEntries(kept);
  };
  return remove(value, path);
}

function wrongParts(issues: readonly z.core.$ZodIssue[]): Path[] {
  const paths = issues.flatMap((issue) => {
    const path = issuePath(issue);
    if (issue.code !== 'unrecognized_keys' || path.length > 0) return [path];
    return issue.keys.map((key) => [key]);
  });
  const parts = paths.map((path) => path.slice(0, sectionsOfEntries.has(path[0]) ? 2 : 1));
  const distinct = [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
  // last elements of a list first, so that the places of the others still hold
  return distinct.sort((a, b) => (typeof a[1] === 'number' && typeof b[1] === 'number' ? b[1] - a[1] : 0));
}

function validPart(value: unknown): { file: ConfigFile; issues: readonly z.core.$ZodIssue[] } {
  const whole = fileSchema.safeParse(value);
  if (whole.success) return { file: whole.data, issues: [] };
  const { issues } = whole.error;
  if (issues.some(({ path }) => path[0] === 'version')) return { file: {}, issues };
  const rest = fileSchema.safeParse(wrongParts(issues).reduce(withoutPart, value));
  return { file: rest.success ? rest.data : {}, issues };
}

/** Zod goes on to the checks of an object that has unknown keys; what they find is of no use then. */
function isConsequence(issue: z.core.$ZodIssue, issues: readonly z.core.$ZodIssue[]): boolean {
  if (issue.code !== 'custom') return false;
  return issues.some(({ code, path }) => code === 'unrecognized_keys' && isDeepStrictEqual(path, issue.path));
}

function overlap(a: Place, b: Place): boolean {
  return a.start < b.end && b.start < a.end;
}

/**
 * Reads one configuration file. Never throws: what is wrong is in `problems`, each where it stands, and left out of
 * `layer`. A caller that has a good configuration keeps it while there are errors.
 */
export function parseConfigFile(text: string, kind: LayerKind): ParsedConfigFile {
  const secrets = findSecrets(text).map((secret) => placed(configProblems.secretInFile(secret.issuer), secret));
  const { root, problems: grammar } = parseJsonText(text);
  if (root?.type !== 'object')
    return { layer: { kind, file: {}, root: undefined }, problems: [...grammar, ...secrets] };
  const { file, issues } = validPart(getNodeValue(root));
  const missing =
    file.version === undefined && kind !== 'user' && !issues.some(({ path }) => path[0] === 'version')
      ? [placed(configProblems.versionMissing(), { start: root.offset, end: root.offset + 1 })]
      : [];
  const values = issues
    .filter((issue) => !isConsequence(issue, issues))
    .flatMap((issue) => toProblems(root, issue))
    .filter((problem) => !secrets.some((secret) => overlap(secret, problem)));
  const errors = [...grammar, ...secrets, ...values];
  const problems = [...errors, ...missing];
  return { layer: { kind, file, root }, problems: problems.sort((a, b) => a.start - b.start || a.end - b.end) };
}
