// Load and activation time of the packaged extension from VS Code's own table, beside built-in extensions measured at the
// same time in the same window, and the time from opening a file to its lenses.
//   node test/bench/activation.bench.ts [windows]
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ensureChromium, ensureCodeServer, packageVsix, root } from '../../scripts/steps.ts';
import { createProfile, installVsix, removeProfile, startVscodeServer, windowUrl } from '../support/vscodeServer.ts';
import { launchChromium, Workbench } from '../support/workbench.ts';

interface Round {
  readonly table: Record<string, { loadMs: number; callMs: number; finishMs: number }>;
  readonly firstLensMs: number;
  readonly secondLensMs: number;
}

const windows = Number(process.argv[2] ?? 6);
const controls = ['vscode.merge-conflict', 'vscode.emmet', 'vscode.git'];

const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
const result = join(folder, 'rounds.jsonl');
const probe = join(folder, 'probe.cjs');
await build({
  entryPoints: [join(root, 'test/bench/inHost/activation.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['vscode'],
  outfile: probe,
});
cpSync(join(root, 'demo', 'workspace'), join(folder, 'workspace'), { recursive: true });

// The extension under test is the unpacked VSIX, as a development extension, so that the probe can run beside it.
const profile = createProfile();
const serverFolder = await ensureCodeServer();
installVsix(serverFolder, profile, await packageVsix());
const installed = readdirSync(profile.extensionsDir).find((name) => name.startsWith('tollgate.'));
if (!installed) throw new Error('the VSIX is not installed');
const extension = join(folder, 'extension');
cpSync(join(profile.extensionsDir, installed), extension, { recursive: true });
rmSync(join(profile.extensionsDir, installed), { recursive: true });
rmSync(join(profile.extensionsDir, 'extensions.json'), { force: true });

const server = await startVscodeServer(serverFolder, profile, {
  testDriver: true,
  env: { TOLLGATE_BENCH_RESULT: result },
});
const browser = await launchChromium(ensureChromium());
try {
  for (let round = 0; round < windows; round++) {
    const workbench = await Workbench.blank(browser);
    const exited = new Promise<number>((done) => void workbench.page.exposeFunction('codeAutomationExit', done));
    await workbench.page.exposeFunction('codeAutomationLog', () => undefined);
    const uri = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
    await workbench.page.goto(
      windowUrl(server, join(folder, 'workspace'), [
        ['extensionDevelopmentPath', uri(extension)],
        ['extensionTestsPath', uri(probe)],
        ['skipWelcome', 'true'],
      ]),
    );
    const code = await exited;
    if (code !== 0) throw new Error(`window ${round} ended with ${code}`);
    await workbench.close();
  }
} finally {
  await browser.close();
  await server.stop();
}

const rounds = readFileSync(result, 'utf8')
  .trim()
  .split('\n')
  .map((line): Round => JSON.parse(line));
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const of = (id: string): string => {
  const seen = rounds.map((round) => round.table[id]).filter((row) => row !== undefined);
  const [load, call] = [median(seen.map((row) => row.loadMs)), median(seen.map((row) => row.callMs))];
  return `load ${load} ms, activate ${call} ms, together ${load + call} ms (minimum ${Math.min(...seen.map((row) => row.loadMs + row.callMs))})`;
};
console.log(`medians of ${rounds.length} windows`);
for (const id of ['tollgate.tollgate', ...controls]) console.log(`${id.padEnd(22)} ${of(id)}`);
console.log(
  `opening a file to its lenses: first file ${Math.round(median(rounds.map((round) => round.firstLensMs)))} ms, second ${Math.round(median(rounds.map((round) => round.secondLensMs)))} ms`,
);
removeProfile(profile);
rmSync(folder, { recursive: true, force: true });
