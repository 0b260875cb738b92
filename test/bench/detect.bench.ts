// How long detection takes in a file of 5,000 lines. After an edit it is measured as an editor does it, in a document that
// is kept, beside what it cannot be faster than: the bare incremental parse of the same edit. The first detection loads
// the grammar. Processor time, the best of several rounds: other programs on the machine are not in it. Of the first
// detection it holds what the optimising compiler of WASM does on threads beside it, for which nobody waits.
//   npm run bench detect
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextChange } from '../../src/detect/kept/textEdit.ts';
import { applyChange } from '../../src/detect/kept/textEdit.ts';
import { languageTableOf } from '../../src/detect/language/tables.ts';
import { createSyntax } from '../../src/detect/syntax/createSyntax.ts';
import { grammarBytes, realDetector } from '../support/detector.ts';

const root = join(import.meta.dirname, '../..');
const fixture = (name: string): string => readFileSync(join(root, 'test/fixtures/findings', name), 'utf8');
const lines = 5_000;
const rounds = 25;

function filled(pieces: readonly string[]): string {
  let text = '';
  for (let index = 0; text.split('\n').length < lines; index++) text += `${pieces[index % pieces.length]}\n`;
  return text.split('\n').slice(0, lines).join('\n');
}

/** Our own sources, a call to a model after each. */
function typeScriptSource(): string {
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  const call = `const answer = await generateText({ model: openai('gpt-4o-mini'), prompt: \`Summarise \${text} briefly.\` });`;
  return filled(sources.flatMap((source) => [source, call]));
}

/** An application in which one line in ten is about a model. */
function pythonSource(): string {
  const steps = Array.from({ length: 40 }, (_, at) => `        total_${at} = compute(values[${at}], "name ${at}")`);
  const classes = Array.from({ length: 12 }, (_, at) => {
    const methods = [1, 2, 3].map(
      (n) => `    def work_${n}(self, values):\n        """Works."""\n${steps.join('\n')}\n`,
    );
    return `class Worker${at}:\n${methods.join('\n')}\n`;
  });
  return filled([fixture('chain.py'), ...classes]);
}

/** Milliseconds of processor time. */
async function time(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function best(work: (round: number) => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await time(() => work(round)));
  return Math.min(...times);
}

/** Typing a word, one character at a time, in the middle of the file. */
function editAt(text: string, round: number): TextChange {
  const line = text.indexOf('\n', text.length / 2) + 1;
  return { start: line, length: 0, text: round === 0 ? '\nname = value\n' : 'n' };
}

async function afterEdits(languageId: string, text: string): Promise<number> {
  const detector = realDetector();
  const tracked = detector.track();
  await tracked.detect({ languageId, path: 'app', text });
  let now = text;
  const ms = await best((round) => {
    const change = editAt(text, round);
    now = applyChange(now, change);
    tracked.edit([change]);
    return tracked.detect({ languageId, path: 'app', text: now });
  });
  detector.dispose();
  return ms;
}

async function bareParse(languageId: string, text: string): Promise<{ whole: number; edit: number }> {
  const table = languageTableOf(languageId);
  if (!table) throw new Error(languageId);
  const syntax = createSyntax({ loadGrammar: grammarBytes, loadRuntime: () => grammarBytes() });
  const grammar = await syntax.grammar(table);
  const whole = await best(() => grammar.parse(text).delete());
  let tree = grammar.parse(text);
  let now = text;
  const edit = await best((round) => {
    const { start, length, text: inserted } = editAt(text, round);
    now = applyChange(now, { start, length, text: inserted });
    const row = now.slice(0, start).split('\n').length - 1;
    const rows = inserted.split('\n').length - 1;
    const at = { row, column: 0 };
    const newEndPosition = rows > 0 ? { row: row + rows, column: 0 } : { row, column: inserted.length };
    const newEndIndex = start + inserted.length;
    tree.edit({
      startIndex: start,
      oldEndIndex: start,
      newEndIndex,
      startPosition: at,
      oldEndPosition: at,
      newEndPosition,
    });
    const next = grammar.parse(now, tree);
    tree.delete();
    tree = next;
  });
  tree.delete();
  syntax.dispose();
  return { whole, edit };
}

const rounded = (ms: number): number => Number(ms.toFixed(2));

async function measure(name: string, languageId: string, text: string): Promise<void> {
  const detector = realDetector();
  const source = { languageId, path: 'app', text };
  const first = await time(() => detector.detect(source));
  const again = await best(() => detector.detect(source));
  const { length: findings } = await detector.detect(source);
  const quiet = { ...source, text: text.replace(/[A-Za-z]{3,}/g, 'word') };
  const prefilter = await best(() => detector.detect(quiet));
  detector.dispose();
  const parse = await bareParse(languageId, text);
  const edited = await afterEdits(languageId, text);

  console.log(`\n${name}: ${lines} lines, ${Math.round(text.length / 1024)} KB, ${findings} findings`);
  console.table([
    {
      what: 'after one edit, tree kept',
      ms: rounded(edited),
      floor: rounded(parse.edit),
      ratio: rounded(edited / parse.edit),
    },
    { what: 'whole file, warm', ms: rounded(again), floor: rounded(parse.whole), ratio: rounded(again / parse.whole) },
    {
      what: 'first, grammar cold',
      ms: rounded(first),
      floor: rounded(parse.whole),
      ratio: rounded(first / parse.whole),
    },
    { what: 'no word about LLMs', ms: rounded(prefilter) },
  ]);
}

const cases: readonly (readonly [string, string, () => string])[] = [
  ['Python', 'python', pythonSource],
  ['Python, prompts only', 'python', () => filled([fixture('chain.py')])],
  ['TypeScript', 'typescript', typeScriptSource],
  ['TypeScript, calls only', 'typescript', () => filled([fixture('vercel.ts')])],
];
for (const [name, languageId, text] of cases) await measure(name, languageId, text());
