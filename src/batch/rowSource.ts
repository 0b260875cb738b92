import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { type Refusal, refused } from './promptFile.ts';

/** Where the values of many requests come from. */
export type RowSource =
  | { readonly kind: 'list'; readonly rows: readonly JsonObject[] }
  /** A `.csv`, `.tsv`, `.jsonl` or `.json` file; relative to the prompt file. */
  | { readonly kind: 'file'; readonly path: string };

const rowFile = /\.(?:csv|tsv|jsonl|json)$/i;
/** Keys whose value may be a file of rows instead of the values themselves. */
const keys = ['input', 'inputs', 'variables', 'rows', 'data'] as const;

/** The rows that a front matter names; undefined = none: the file is one request. */
export function rowSourceOf(fields: JsonObject): RowSource | Refusal | undefined {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'string')
      return rowFile.test(value) ? { kind: 'file', path: value } : refused(refusals.rowFile(key));
    // `inputs: [{name, …}]` declares variables; the others list rows.
    if (Array.isArray(value) && key !== 'inputs' && key !== 'input') {
      const rows = value.filter(isJsonObject);
      if (rows.length !== value.length || rows.length === 0) return refused(refusals.rowFile(key));
      return { kind: 'list', rows };
    }
  }
  return undefined;
}
