// How fast a repository of 10,000 files is scanned, beside listing the files that could hold a finding with ripgrep, or
// with grep where ripgrep is not installed. The repository is made in a temporary folder: source of several languages, of
// the sizes that source has (median 3 KB), one file in forty about LLMs. Files are in the system's cache for both.
//   npm run bench scan
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { nodeDisk } from '../../src/scan/nodeDisk.ts';
import { scanFiles } from '../../src/scan/scanFiles.ts';
import { realDetector, shippedCatalog } from '../support/detector.ts';

const files = 10_000;
const oneIn = 40;
const rounds = 3;
const fixtures = join(import.meta.dirname, '../fixtures/findings');
const endings = [
  '.py',
  '.ts',
  '.tsx',
  '.js',
  '.go',
  '.java',
  '.kt',
  '.cs',
  '.rb',
  '.rs',
  '.php',
  '.json',
  '.yaml',
  '.md',
];

/** Numbers that look random and are the same each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const words = `value index result total record handler buffer request response status session account invoice shipment
  address customer product quantity discount vector matrix render layout widget canvas column filter sorter parser token
  stream socket channel packet header footer margin border module export import config option default message error
  warning context content label button window folder target source worker thread signal event listener`.split(/\s+/);

/** Source without a word about LLMs; what it says matters little, its words and strings are as in any source. */
function plainSource(random: () => number, bytes: number): string {
  const word = (): string => words[Math.floor(random() * words.length)] ?? 'x';
  let text = '';
  while (text.length < bytes) {
    const name = `${word()}_${word()}`;
    text += `function ${name}(${word()}, ${word()}) {\n`;
    for (let line = 0; line < 6; line++)
      text += `  const ${word()} = ${word()}.${word()}("${word()} ${word()}", { ${word()}: '${word()}', ${word()}: ${line} });\n`;
    text += `  return ${word()};\n}\n\n`;
  }
  return text;
}

function makeRepository(root: string): void {
  const random = createRandom(7);
  const samples = readdirSync(fixtures).map((name) => ({ name, text: readFileSync(join(fixtures, name), 'utf8') }));
  for (let index = 0; index < files; index++) {
    const folder = join(root, `package${index % 97}`, `module${index % 13}`);
    if (index < 97 * 13) mkdirSync(folder, { recursive: true });
    const sample = index % oneIn === 0 ? samples[(index / oneIn) % samples.length] : undefined;
    // Log-normal, as the sizes of source files are.
    const size = 3_000 * Math.exp(1.1 * (random() + random() + random() + random() - 2) * 1.7);
    const ending = sample ? extname(sample.name) : endings[Math.floor(random() * endings.length)];
    const plain = plainSource(random, size);
    writeFileSync(join(folder, `file${index}${ending}`), sample ? sample.text : plain);
  }
}

interface Taken {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function best(work: () => Promise<void>): Promise<Taken> {
  const taken: Taken[] = [];
  for (let round = 0; round < rounds; round++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await work();
    const { user, system } = process.cpuUsage(cpu);
    taken.push({ wallMs: performance.now() - start, cpuMs: (user + system) / 1000 });
  }
  const least = (of: (one: Taken) => number): number => Math.min(...taken.map(of));
  return { wallMs: least(({ wallMs }) => wallMs), cpuMs: least(({ cpuMs }) => cpuMs) };
}

/** The words that a file about LLMs has one of, as grep's extended expressions have them. */
const llmWords =
  'openai|anthropic|langchain|litellm|gpt-?[0-9]|claude|gemini|llama|mistral|system_?prompt|generateText|chat.completions';

function listCandidates(root: string): { name: string; count: number } {
  const tools: readonly (readonly [string, readonly string[]])[] = [
    ['rg', ['--files-with-matches', '--no-messages', '-i', '-e', llmWords, root]],
    ['grep', ['-rIliE', llmWords, root]],
  ];
  for (const [name, args] of tools) {
    const { error, stdout } = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (!error) return { name, count: stdout.split('\n').filter(Boolean).length };
  }
  return { name: '', count: 0 };
}

const root = mkdtempSync(join(tmpdir(), 'tollgate-scan-bench-'));
try {
  makeRepository(root);
  const detector = realDetector();
  const deps = { disk: nodeDisk, detector, catalog: shippedCatalog(), aliases: {} };
  const seen = { files: 0, findings: 0, withFindings: 0 };
  const scan = await best(async () => {
    Object.assign(seen, { files: 0, findings: 0, withFindings: 0 });
    for await (const report of scanFiles(deps, root, { signal: new AbortController().signal })) {
      seen.files++;
      if (report.kind !== 'scanned' || report.findings.length === 0) continue;
      seen.withFindings++;
      seen.findings += report.findings.length;
    }
  });
  detector.dispose();
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);

  let listed = { name: '', count: 0 };
  const starts = performance.now();
  const list = await best(async () => {
    listed = listCandidates(root);
  });
  console.log(
    `\n${seen.files} files scanned, ${seen.findings} findings in ${seen.withFindings} files, peak ${peakMb} MB, ` +
      `${availableParallelism()} cores, ${Math.round(performance.now() - starts)} ms for listing`,
  );
  console.table([
    {
      what: 'tollgate scan',
      'wall ms': Math.round(scan.wallMs),
      'files/s': Math.round((seen.files / scan.wallMs) * 1000),
      'CPU ms': Math.round(scan.cpuMs),
      'files/s of CPU': Math.round((seen.files / scan.cpuMs) * 1000),
    },
    ...(listed.name
      ? [
          {
            what: `${listed.name} (lists ${listed.count})`,
            'wall ms': Math.round(list.wallMs),
            'files/s': Math.round((seen.files / list.wallMs) * 1000),
          },
        ]
      : []),
  ]);
  if (listed.name) console.log(`scan ÷ ${listed.name}, wall: ${(scan.wallMs / list.wallMs).toFixed(2)}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
