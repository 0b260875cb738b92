// How long detection takes in a file of 5,000 lines, beside what no detection through a tree can be faster than:
// the bare parse of the same text. Warm = the best of several runs on an unchanged file, the tree not kept.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageTableOf } from '../../src/detect/language/tables.ts';
import { createSyntax } from '../../src/detect/syntax/createSyntax.ts';
import { grammarBytes, realDetector } from '../support/detector.ts';

const root = join(import.meta.dirname, '../..');
const lines = 5_000;
const rounds = 15;

function filled(pieces: readonly string[]): string {
  let text = '';
  for (let index = 0; text.split('\n').length < lines; index++) text += `${pieces[index % pieces.length]}\n`;
  return text.split('\n').slice(0, lines).join('\n');
}

/** Our own sources, with calls to models among them. */
function typeScriptSource(): string {
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  const call = `const answer = await generateText({ model: openai('gpt-4o-mini'), prompt: \`Summarise \${text} briefly.\` });`;
  return filled(sources.flatMap((source) => [source, call]));
}

function pythonSource(): string {
  const chain = readFileSync(join(root, 'test/fixtures/findings/chain.py'), 'utf8');
  const plain = readFileSync(join(root, 'test/fixtures/findings/plain.py'), 'utf8').replace(/^import cmd\n/m, '');
  const function_ = Array.from(
    { length: 40 },
    (_, index) => `    total_${index} = compute(values[${index}], "name ${index}")`,
  );
  return filled([chain, plain, `def work(values):\n${function_.join('\n')}\n`]);
}

/** Milliseconds of processor time: what other programs on the machine take is not in it. */
async function time(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function best(work: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await time(work));
  return Math.min(...times);
}

async function measure(languageId: string, text: string): Promise<void> {
  const table = languageTableOf(languageId);
  if (!table) throw new Error(languageId);
  const detector = realDetector();
  const source = { languageId, path: 'app', text };
  const cold = await time(() => detector.detect(source));
  const warm = await best(() => detector.detect(source));
  const { length: findings } = await detector.detect(source);
  const quiet = { ...source, text: text.replace(/[A-Za-z]{3,}/g, 'word') };
  const prefilter = await best(() => detector.detect(quiet));
  detector.dispose();

  const syntax = createSyntax({ loadGrammar: grammarBytes, loadRuntime: () => grammarBytes() });
  const grammar = await syntax.grammar(table);
  const parse = await best(() => grammar.parse(text).delete());
  syntax.dispose();

  const row = {
    KB: Math.round(text.length / 1024),
    findings,
    'first ms (grammar cold)': Number(cold.toFixed(1)),
    'warm ms': Number(warm.toFixed(1)),
    'bare parse ms (floor)': Number(parse.toFixed(1)),
    'warm ÷ parse': Number((warm / parse).toFixed(2)),
    'without parse ms': Number((warm - parse).toFixed(1)),
    'no LLM word ms': Number(prefilter.toFixed(2)),
  };
  console.log(`\n${languageId}, ${lines} lines`);
  console.table([row]);
}

await measure('python', pythonSource());
await measure('typescript', typeScriptSource());
