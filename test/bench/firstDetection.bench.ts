// What the first detection of a file of 5,000 lines is made of, in a process that has done nothing yet: the catalogue, the
// runtime of the grammars and the grammar (each unpacked as it ships), the first parse, and the rest. Processor time, the
// least of several processes; that of the threads on which V8 compiles is in it, though nobody waits for them. In an editor
// the modules come bundled, so their time is only shown.
//   npm run bench firstDetection
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const root = join(import.meta.dirname, '../..');
const processes = 5;
const lines = 5_000;
const samples: Readonly<Record<string, string>> = {
  python: 'chain.py',
  typescript: 'vercel.ts',
  go: 'assistant.go',
  java: 'Assistant.java',
  kotlin: 'Assistant.kt',
  csharp: 'Assistant.cs',
  ruby: 'chat.rb',
  rust: 'assistant.rs',
  php: 'Chat.php',
};
type Phases = Record<string, number>;

/** One sample from the fixtures, and plain statements up to the length of the file. */
function sourceOf(languageId: string): string {
  const sample = readFileSync(join(root, 'test/fixtures/findings', samples[languageId] ?? ''), 'utf8');
  const comment = languageId === 'python' || languageId === 'ruby' ? '#' : '//';
  const filling = Math.max(0, lines - sample.split('\n').length);
  return sample + `${comment} Nothing of note stands in this line.\n`.repeat(filling);
}

/** @param packed bytes as they ship; packing them is no part of what is measured */
const pack = (bytes: Uint8Array): Uint8Array =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });

async function measureHere(languageId: string): Promise<Phases> {
  const phases: Phases = {};
  let since = process.cpuUsage();
  const lap = (name: string): void => {
    const { user, system } = process.cpuUsage(since);
    phases[name] = (user + system) / 1000;
    since = process.cpuUsage();
  };
  const { createDetector } = await import('../../src/detect/createDetector.ts');
  const { createSyntax } = await import('../../src/detect/syntax/createSyntax.ts');
  const { languageTableOf } = await import('../../src/detect/language/tables.ts');
  const { grammarBytes, shippedCatalog } = await import('../support/detector.ts');
  lap('modules');
  const table = languageTableOf(languageId);
  if (!table) throw new Error(languageId);
  const runtime = pack(await grammarBytes());
  const grammar = pack(await grammarBytes(table.grammar));
  const text = sourceOf(languageId);
  since = process.cpuUsage();
  const catalog = shippedCatalog();
  lap('catalogue');
  const bytes = { runtime: brotliDecompressSync(runtime), grammar: brotliDecompressSync(grammar) };
  lap('unpack');
  const files = { loadRuntime: async () => bytes.runtime, loadGrammar: async () => bytes.grammar };
  const syntax = createSyntax(files);
  const loaded = await syntax.grammar(table);
  lap('load');
  loaded.parse(text).delete();
  lap('first parse');
  const detector = createDetector({ catalog, ...files });
  const source = { languageId, path: 'app', text };
  await detector.detect(source);
  lap('first detection, grammar compiled');
  await detector.detect(source);
  lap('second');
  detector.dispose();
  syntax.dispose();
  return phases;
}

function measureApart(languageId: string): Phases {
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, languageId], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(stderr);
  const phases: Phases = JSON.parse(stdout);
  return phases;
}

const here = process.argv[2];
if (here !== undefined && here in samples) console.log(JSON.stringify(await measureHere(here)));
else {
  const rows = Object.keys(samples).map((languageId): Record<string, string | number> => {
    const runs = Array.from({ length: processes }, () => measureApart(languageId));
    const names = Object.keys(runs[0] ?? {});
    const least = names.map((name) => [name, Math.round(Math.min(...runs.map((run) => run[name] ?? 0)))]);
    return { language: languageId, ...Object.fromEntries(least) };
  });
  console.log('\nMilliseconds, the least of each phase:');
  console.table(rows);
}
