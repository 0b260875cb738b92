import type { ConfigProblem } from './config.ts';

/** Where a problem stands; offsets are UTF-16, end exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A problem of the file's text, before it has a place. */
export type ProblemText = Omit<ConfigProblem, 'start' | 'end'>;

const orElse = (suggestion: string | undefined, otherwise: string): string =>
  suggestion === undefined ? otherwise : `Did you mean "${suggestion}"?`;

/** What users read about a configuration. Each says what to do. */
export const configProblems = {
  syntax: (what: string): ProblemText => ({ code: 'syntax', severity: 'error', message: `This is not JSON: ${what}.` }),
  notAnObject: (): ProblemText => ({
    code: 'value',
    severity: 'error',
    message: 'The file must be one object: { "version": 1, … }.',
  }),
  duplicateKey: (key: string): ProblemText => ({
    code: 'syntax',
    severity: 'error',
    message: `"${key}" is given twice. Remove one.`,
  }),
  unknownKey: (key: string, suggestion: string | undefined, known: readonly string[]): ProblemText => ({
    code: 'unknownKey',
    severity: 'error',
    message: `Unknown key "${key}". ${orElse(suggestion, `Known here: ${known.join(', ')}.`)}`,
  }),
  missingKey: (key: string): ProblemText => ({
    code: 'value',
    severity: 'error',
    message: `"${key}" is missing. Add it.`,
  }),
  value: (name: string, must: string): ProblemText => ({
    code: 'value',
    severity: 'error',
    message: `${name} ${must.replace(/\.$/, '')}.`,
  }),
  versionMissing: (): ProblemText => ({
    code: 'version',
    severity: 'warning',
    message: 'Add "version": 1, so that later versions of Tollgate read this file as it is meant.',
  }),
  versionUnknown: (version: unknown): ProblemText => ({
    code: 'version',
    severity: 'error',
    message:
      typeof version === 'number' && version > 1
        ? `This file is of format ${version}; this Tollgate reads format 1. Update Tollgate.`
        : '"version" must be 1.',
  }),
  secretInFile: (issuer: string): ProblemText => ({
    code: 'secretInFile',
    severity: 'error',
    message: `This looks like a key of ${issuer}. Store it with "Tollgate: Set Provider Key", write "secret:NAME" here, and revoke the key if the file was shared.`,
  }),
  unknownProvider: (name: string, suggestion: string | undefined): ProblemText => ({
    code: 'reference',
    severity: 'error',
    message: `No provider is named "${name}". ${orElse(suggestion, 'Add it under "providers".')}`,
  }),
  unknownAlias: (name: string, suggestion: string | undefined): ProblemText => ({
    code: 'reference',
    severity: 'error',
    message: `No alias is named "${name}". ${orElse(suggestion, 'Add it under "aliases".')}`,
  }),
  teamNeedsStore: (): ProblemText => ({
    code: 'value',
    severity: 'warning',
    message:
      'Without a shared store, "team" is this workspace. Add "store": { "kind": "redis", "url": … } under "cache", or write "workspace".',
  }),
  limitNeedsStore: (): ProblemText => ({
    code: 'value',
    severity: 'warning',
    message:
      'Without a shared store, this limit is for this machine alone. Add "store": { "kind": "redis", "url": … } under "cache", or leave out "shared".',
  }),
  needsTrust: (name: string): ProblemText => ({
    code: 'notAllowedHere',
    severity: 'warning',
    message: `${name} is not used: this workspace is not trusted. Trust the workspace, or set it in your user settings.`,
  }),
};

/** `addAliasToConfig` was given a text it cannot edit without guessing. */
export class ConfigNotEditable extends Error {
  readonly reason: 'broken' | 'aliasTaken';

  constructor(reason: ConfigNotEditable['reason'], message: string) {
    super(message);
    this.name = 'ConfigNotEditable';
    this.reason = reason;
  }
}

export function configBroken(fileName: string): ConfigNotEditable {
  return new ConfigNotEditable('broken', `${fileName} has errors. Correct them first; they are in the Problems view.`);
}

export function aliasTaken(name: string, targets: readonly string[]): ConfigNotEditable {
  return new ConfigNotEditable(
    'aliasTaken',
    `The alias "${name}" already stands for ${targets.join(', ')}. Choose another name, or that alias.`,
  );
}
