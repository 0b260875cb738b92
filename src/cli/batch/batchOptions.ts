import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { configFileName } from '../../config/config.ts';
import { badArguments } from '../errors.ts';
import { parseArguments } from '../parseArguments.ts';

export const batchActions = ['plan', 'submit', 'status', 'collect', 'cancel'] as const;
export type BatchAction = (typeof batchActions)[number];

const options = {
  config: { type: 'string' },
  data: { type: 'string' },
  model: { type: 'string' },
  'keep-duplicates': { type: 'boolean' },
  partial: { type: 'boolean' },
  retry: { type: 'string' },
  try: { type: 'boolean' },
  'max-usd': { type: 'string' },
  wait: { type: 'boolean' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** What a `tollgate batch` command was asked. */
export interface BatchOptions {
  readonly action: BatchAction;
  /** Files, folders and patterns of `plan` and `submit`, absolute; ids of jobs otherwise. */
  readonly subjects: readonly string[];
  readonly configPath: string;
  readonly dataFolder?: string;
  readonly model?: string;
  readonly keepDuplicates: boolean;
  /** Submit what can be sent, although some files cannot. */
  readonly partial: boolean;
  /** A job of which the unanswered part is sent again. */
  readonly retry?: string;
  readonly tryOne: boolean;
  readonly maxUsd?: number;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly json: boolean;
}

const takesFiles: readonly BatchAction[] = ['plan', 'submit'];

/** Reads the arguments after `tollgate batch`; what does not fit is a `UsageError`. */
export function readBatchOptions(args: readonly string[], cwd: string): BatchOptions {
  const { values, positionals } = parseArguments('batch', args, options);
  const [word = '', ...rest] = positionals;
  const action = batchActions.find((known) => known === word);
  if (action === undefined)
    throw badArguments('batch', word === '' ? `Say what: ${batchActions.join(', ')}` : `There is no "batch ${word}"`);
  if (takesFiles.includes(action) && rest.length === 0 && values.retry === undefined)
    throw badArguments('batch', 'Name at least one prompt file, folder or pattern');
  if (action === 'cancel' && rest.length === 0) throw badArguments('batch', 'Name the jobs to cancel');
  const timeout = positive('timeout', values.timeout);
  const maxUsd = positive('max-usd', values['max-usd']);
  return {
    action,
    subjects: takesFiles.includes(action) ? rest.map((path) => resolve(cwd, path)) : rest,
    configPath: values.config === undefined ? nearestConfig(cwd) : existing(resolve(cwd, values.config)),
    ...(values.data === undefined ? {} : { dataFolder: resolve(cwd, values.data) }),
    ...(values.model === undefined ? {} : { model: values.model }),
    keepDuplicates: values['keep-duplicates'] === true,
    partial: values.partial === true,
    ...(values.retry === undefined ? {} : { retry: values.retry }),
    tryOne: values.try === true,
    ...(maxUsd === undefined ? {} : { maxUsd }),
    wait: values.wait === true,
    timeoutMs: timeout === undefined ? Number.POSITIVE_INFINITY : timeout * 1000,
    json: values.json === true,
  };
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw badArguments('batch', `'--${name} ${text}' is no number above 0`);
  return value;
}

function existing(path: string): string {
  if (!existsSync(path)) throw badArguments('batch', `There is no ${path}`);
  return path;
}

/** Of this folder or the nearest above it, up to the root of its repository; else where one would be. */
export function nearestConfig(cwd: string): string {
  for (let at = cwd; ; at = dirname(at)) {
    const path = join(at, configFileName);
    if (existsSync(path)) return path;
    if (dirname(at) === at || existsSync(join(at, '.git'))) return join(cwd, configFileName);
  }
}
