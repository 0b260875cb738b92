// npm test [-- check|unit|built|host|e2e … [--grep PATTERN]]: all stages, or those named. Its last line is "N passed, N failed".
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import {
  binary,
  build,
  ensureChromium,
  ensureCodeServer,
  filesOf,
  packageVsix,
  readJson,
  root,
  run,
  StepFailed,
} from './steps.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

type Stage = (grep: string | undefined) => Promise<Counts>;

/** One step that passes or fails as a whole. */
async function asOne(step: Promise<void>): Promise<Counts> {
  try {
    await step;
    return { passed: 1, failed: 0 };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
    return { passed: 0, failed: 1 };
  }
}

const add = (a: Counts, b: Counts): Counts => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

async function check(): Promise<Counts> {
  const types = await asOne(run(binary('tsc'), ['-p', '.']));
  return add(types, await asOne(run(binary('biome'), ['check', '--error-on-warnings', '.'])));
}

/** Runs files with Node's own test runner, each in a process of its own. */
async function nodeTests(folder: string, concurrency: number, grep: string | undefined): Promise<Counts> {
  const files = filesOf(folder, '.test.ts').map((file) => join(root, file));
  if (files.length === 0) return { passed: 0, failed: 0 };
  const stream = runTests({
    files,
    concurrency,
    timeout: 600_000,
    ...(grep === undefined ? {} : { testNamePatterns: [grep] }),
  });
  let passed = 0;
  let failed = 0;
  const isLeaf = (data: { details?: { type?: string | undefined } }): boolean => data.details?.type !== 'suite';
  stream.on('test:pass', (data) => {
    if (isLeaf(data) && data.skip === undefined) passed++;
  });
  stream.on('test:fail', (data) => {
    if (isLeaf(data)) failed++;
  });
  const printed = stream.compose(new spec());
  for await (const chunk of printed) process.stdout.write(chunk);
  return { passed, failed };
}

/** Runs the suite inside the extension host: of `VSCODE_EXECUTABLE` when given, else of VS Code's server in Chromium. */
async function host(grep: string | undefined): Promise<Counts> {
  if (filesOf('test/host', '.test.ts').length === 0) return { passed: 0, failed: 0 };
  await build();
  await run(process.execPath, ['esbuild.js', 'hostTests']);
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-host-'));
  const result = join(folder, 'result.json');
  const executable = process.env.VSCODE_EXECUTABLE ?? resolve(root, 'test/support/vscodeShim.ts');
  if (process.env.VSCODE_EXECUTABLE === undefined) {
    await ensureCodeServer();
    ensureChromium();
  }
  // The tests edit files, so they work on a copy.
  const workspace = join(folder, 'workspace');
  cpSync(join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  const env = {
    ...process.env,
    VSCODE_EXECUTABLE: executable,
    TOLLGATE_TEST_WORKSPACE: workspace,
    TOLLGATE_TEST_RESULT: result,
    TOLLGATE_HOME: join(folder, 'home'),
    TOLLGATE_TEST_GREP: grep ?? '',
  };
  const outcome = await asOne(run(binary('vscode-test'), [], { env }));
  try {
    return countsOf(readJson(result), outcome);
  } catch (error) {
    console.error(`the host tests left no result: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countsOf(result: unknown, outcome: Counts): Counts {
  if (typeof result !== 'object' || result === null || !('passes' in result) || !('failures' in result))
    throw new Error('no counts');
  const counts = { passed: Number(result.passes), failed: Number(result.failures) };
  // A crash after the last test leaves good counts and a bad exit code.
  return outcome.failed > 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** What users run without an editor: the bundles, not the sources. */
async function built(grep: string | undefined): Promise<Counts> {
  await build('service', 'serviceCore', 'cli', 'detection', 'tokenWorker', 'mcpServer');
  return nodeTests('test/built', 1, grep);
}

async function e2e(grep: string | undefined): Promise<Counts> {
  if (filesOf('test/e2e', '.test.ts').length === 0) return { passed: 0, failed: 0 };
  process.env.TOLLGATE_VSIX = await packageVsix();
  process.env.TOLLGATE_VSCODE_SERVER = await ensureCodeServer();
  process.env.CHROMIUM = ensureChromium();
  return nodeTests('test/e2e', 1, grep);
}

const stages: Readonly<Record<string, Stage>> = {
  check,
  unit: (grep) => nodeTests('test/unit', availableParallelism(), grep),
  built,
  host,
  e2e,
};

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
  const unknown = positionals.find((name) => !(name in stages));
  if (unknown) throw new StepFailed(`no stage "${unknown}": ${Object.keys(stages).join(', ')}`);
  const chosen = Object.entries(stages).filter(([name]) => positionals.length === 0 || positionals.includes(name));
  let total: Counts = { passed: 0, failed: 0 };
  const lines: string[] = [];
  for (const [name, stage] of chosen) {
    const start = performance.now();
    const counts = await stage(values.grep).catch((error: unknown): Counts => {
      console.error(error instanceof StepFailed ? `tollgate: ${error.message}` : error);
      return { passed: 0, failed: 1 };
    });
    lines.push(
      `${name}: ${counts.passed} passed, ${counts.failed} failed (${Math.round((performance.now() - start) / 1000)} s)`,
    );
    total = add(total, counts);
  }
  console.log(lines.join('\n'));
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
}

await main();
