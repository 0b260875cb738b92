import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { BatchDisk } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { decodeText, maxPromptFileBytes } from './parsePromptFile.ts';
import { parseYaml } from './parseYaml.ts';
import { type Refusal, refused } from './promptFile.ts';
import { readValueRows, type ValueRow } from './readValueRows.ts';

export interface FileValue {
  readonly kind: 'value';
  readonly value: JsonValue;
}

/** Files that a promptfoo configuration names: `file://…`, beside it. Programs, tables of the web and patterns are refused. */
export interface PromptfooFiles {
  text(named: string): Promise<string | Refusal>;
  /** YAML and JSON as what they stand for, texts as they are. */
  value(named: string): Promise<FileValue | Refusal>;
  /** A value, or each one of the list that a file holds. */
  entries(given: JsonValue, what: string): Promise<readonly (FileValue | Refusal)[]>;
  /** The rows of a CSV. */
  rows(named: string): AsyncIterable<ValueRow | Refusal>;
}

const texts: ReadonlySet<string> = new Set(['.txt', '.md', '.html', '.xml', '.csv', '.j2', '.jsonl']);
const values: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml']);

/** @param path of the configuration */
export function promptfooFiles(path: string, disk: BatchDisk): PromptfooFiles {
  const text: PromptfooFiles['text'] = async (named) => {
    const name = nameOf(named);
    const ending = extname(name).toLowerCase();
    if (!texts.has(ending) && !values.has(ending)) return refused(refusals.promptfooFile(named));
    const file = join(dirname(path), name);
    const facts = await disk.facts(file);
    if (facts?.kind !== 'file') return refused(refusals.promptfooFileGone(named));
    if (facts.bytes > maxPromptFileBytes) return refused(refusals.tooLarge(facts.bytes, maxPromptFileBytes));
    return decodeText(await disk.read(file)) ?? refused(refusals.binary());
  };
  const value: PromptfooFiles['value'] = async (named) => {
    const read = await text(named);
    if (typeof read !== 'string') return read;
    if (!values.has(extname(nameOf(named)).toLowerCase())) return { kind: 'value', value: read.trim() };
    const parsed = parseYaml(read);
    return parsed.kind === 'notYaml' ? refused(refusals.yaml(parsed.detail)) : parsed;
  };
  return {
    text,
    value,
    entries: async (given, what) => {
      if (typeof given !== 'string') return [{ kind: 'value', value: given }];
      if (!values.has(extname(nameOf(given)).toLowerCase()))
        return [refused(refusals.promptfoo(`\`${what}\` from ${given}`))];
      const read = await value(given);
      if (read.kind === 'refused') return [read];
      return (Array.isArray(read.value) ? read.value : [read.value]).map((one) => ({ kind: 'value', value: one }));
    },
    rows: (named) => readValueRows({ kind: 'file', path: nameOf(named) }, path, disk),
  };
}

function nameOf(named: string): string {
  // An absolute one is a URL, a relative one only looks like it.
  return named.startsWith('file:///') ? fileURLToPath(named) : named.replace(/^file:\/\//, '');
}

/** Names a field that is not among those we know the effect of. */
export function refuseUnknown(fields: JsonObject, known: readonly string[], place: string): Refusal | undefined {
  const unknown = Object.entries(fields).find(([name, value]) => !known.includes(name) && value != null);
  return unknown === undefined ? undefined : refused(refusals.promptfoo(`\`${unknown[0]}\` ${place}`));
}
