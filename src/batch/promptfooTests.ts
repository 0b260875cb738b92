import { extname } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, objectAt, parseJson } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { type Refusal, refused } from './promptFile.ts';
import { type PromptfooFiles, refuseUnknown } from './promptfooFiles.ts';

/** The variables of one test. */
export interface TestVars {
  readonly kind: 'vars';
  readonly rows: readonly JsonObject[];
}

/** What of a test says how its answer is judged: a batch brings answers, promptfoo judges them. */
const judging = ['description', 'assert', 'assertScoringFunction', 'metadata', 'threshold'];
const judgingOptions = ['provider', 'rubricPrompt', 'factuality', 'transform', 'postprocess', 'disableVarExpansion'];

/** What of a CSV of tests is no variable, and is none of our business. */
const judgingColumn = /^__(?:expected\d*|description|metric|threshold|metadata(?::.*)?|config(?::.*)?)$/;

/** The rows of `tests` and `scenarios`; undefined = the configuration has neither. */
export async function readTests(
  { tests, scenarios }: JsonObject,
  files: PromptfooFiles,
): Promise<TestVars | Refusal | undefined> {
  const rows: JsonObject[] = [];
  const plain = await testRows(tests, files);
  if (plain.kind === 'refused') return plain;
  rows.push(...plain.rows);
  for (const entry of listed(scenarios)) {
    for (const scenario of await files.entries(entry, 'scenarios')) {
      if (scenario.kind === 'refused') return scenario;
      const crossed = await scenarioRows(scenario.value, files);
      if (crossed.kind === 'refused') return crossed;
      rows.push(...crossed.rows);
    }
  }
  return rows.length === 0 ? undefined : { kind: 'vars', rows };
}

/** Every set of its data with every test. */
async function scenarioRows(scenario: JsonValue, files: PromptfooFiles): Promise<TestVars | Refusal> {
  if (!isJsonObject(scenario)) return refused(refusals.promptfoo('a scenario that is no map'));
  const unknown = refuseUnknown(scenario, ['description', 'config', 'tests'], 'of a scenario');
  if (unknown !== undefined) return unknown;
  const data = await testRows(scenario.config, files);
  if (data.kind === 'refused') return data;
  const tests = await testRows(scenario.tests, files);
  if (tests.kind === 'refused') return tests;
  const each = tests.rows.length === 0 ? [{}] : tests.rows;
  return { kind: 'vars', rows: data.rows.flatMap((one) => each.map((test) => ({ ...one, ...test }))) };
}

export function listed(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

async function testRows(tests: JsonValue | undefined, files: PromptfooFiles): Promise<TestVars | Refusal> {
  const rows: JsonObject[] = [];
  for (const entry of listed(tests)) {
    const read = typeof entry === 'string' ? await fileRows(entry, files) : await oneTest(entry, files);
    if (read.kind === 'refused') return read;
    rows.push(...read.rows);
  }
  return { kind: 'vars', rows };
}

/** A file of tests: a column for each variable, or the tests themselves. */
async function fileRows(named: string, files: PromptfooFiles): Promise<TestVars | Refusal> {
  const ending = extname(named).toLowerCase();
  if (ending === '.csv' || ending === '.tsv') return csvRows(named, files);
  if (ending === '.jsonl') return jsonLines(named, files);
  const rows: JsonObject[] = [];
  for (const entry of await files.entries(named, 'tests')) {
    if (entry.kind === 'refused') return entry;
    const read = await oneTest(entry.value, files);
    if (read.kind === 'refused') return read;
    rows.push(...read.rows);
  }
  return { kind: 'vars', rows };
}

async function csvRows(named: string, files: PromptfooFiles): Promise<TestVars | Refusal> {
  const rows: JsonObject[] = [];
  for await (const row of files.rows(named)) {
    if (row.kind === 'refused') return row;
    const vars: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(row.values)) {
      if (value === undefined || judgingColumn.test(name)) continue;
      if (name.startsWith('__') && value !== '')
        return refused(refusals.promptfoo(`the column \`${name}\` of ${named}`));
      if (!name.startsWith('__')) vars[name] = value;
    }
    const filled = await filledVars(vars, true, files);
    if (filled.kind === 'refused') return filled;
    rows.push(...filled.rows);
  }
  return { kind: 'vars', rows };
}

async function jsonLines(named: string, files: PromptfooFiles): Promise<TestVars | Refusal> {
  const text = await files.text(named);
  if (typeof text !== 'string') return text;
  const rows: JsonObject[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const read = await oneTest(parseJson(line), files);
    if (read.kind === 'refused') return read;
    rows.push(...read.rows);
  }
  return { kind: 'vars', rows };
}

async function oneTest(test: JsonValue | undefined, files: PromptfooFiles): Promise<TestVars | Refusal> {
  if (!isJsonObject(test)) return refused(refusals.promptfoo('a test that is no map'));
  const wrong = refuseTest(test, 'of a test');
  if (wrong !== undefined) return wrong;
  const vars =
    typeof test.vars === 'string' ? await files.value(test.vars) : { kind: 'value' as const, value: test.vars };
  if (vars.kind === 'refused') return vars;
  const own = vars.value ?? {};
  if (!isJsonObject(own)) return refused(refusals.promptfoo('`vars` that are no map'));
  return filledVars(own, objectAt(test, 'options')?.disableVarExpansion !== true, files);
}

/** What would change the request of a test in ways we do not know. */
export function refuseTest(test: JsonObject, place: string): Refusal | undefined {
  return (
    refuseUnknown(test, [...judging, 'vars', 'options'], place) ??
    refuseUnknown(objectAt(test, 'options') ?? {}, judgingOptions, `in the \`options\` ${place}`)
  );
}

/** A list of values makes a test for each of them; `file://…` stands for what is in the file. */
async function filledVars(vars: JsonObject, expands: boolean, files: PromptfooFiles): Promise<TestVars | Refusal> {
  let rows: JsonObject[] = [{}];
  for (const [name, given] of Object.entries(vars)) {
    if (given === undefined) continue;
    const values: JsonValue[] = [];
    for (const one of expands && Array.isArray(given) ? given : [given]) {
      const value = typeof one === 'string' && one.startsWith('file://') ? await files.value(one) : undefined;
      if (value?.kind === 'refused') return value;
      values.push(value === undefined ? one : value.value);
    }
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return { kind: 'vars', rows };
}
