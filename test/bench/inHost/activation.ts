// Runs inside the extension host for `activation.bench.ts`: reads VS Code's own table of what each extension cost, and
// measures from opening a file until its lenses are there.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CodeLens, commands, Uri, window, workspace } from 'vscode';

interface Activation {
  readonly loadMs: number;
  readonly callMs: number;
  readonly finishMs: number;
}

/** Rows of "Extension Activation Stats": `| id | eager | load | call | finish | event | by |`. */
function parseTable(text: string): Record<string, Activation> {
  const rows: Record<string, Activation> = {};
  const from = text.indexOf('Extension Activation Stats');
  for (const line of text.slice(from).split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const numbers = cells.slice(3, 6).map(Number);
    const [loadMs, callMs, finishMs] = numbers;
    if (cells.length < 7 || !cells[1] || loadMs === undefined || callMs === undefined || finishMs === undefined)
      continue;
    if (numbers.some(Number.isNaN)) continue;
    rows[cells[1]] = { loadMs, callMs, finishMs };
  }
  return rows;
}

async function readTable(): Promise<Record<string, Activation>> {
  await commands.executeCommand('perfview.show');
  for (let attempt = 0; attempt < 100; attempt++) {
    const document = workspace.textDocuments.find((each) => each.uri.scheme === 'perf');
    const rows = document ? parseTable(document.getText()) : {};
    if (Object.keys(rows).length > 0) return rows;
    await sleep(100);
  }
  throw new Error('VS Code showed no activation table');
}

async function lensesOf(file: string): Promise<number> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  const start = performance.now();
  const document = await workspace.openTextDocument(Uri.joinPath(folder.uri, file));
  await window.showTextDocument(document);
  for (let attempt = 0; attempt < 500; attempt++) {
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
    if (lenses.some((lens) => lens.command?.title.includes('per M'))) return performance.now() - start;
    await sleep(10);
  }
  throw new Error(`no lens in ${file} within 5 s`);
}

export async function run(): Promise<void> {
  const result = process.env.TOLLGATE_BENCH_RESULT;
  if (!result) throw new Error('TOLLGATE_BENCH_RESULT is not set');
  const firstLensMs = await lensesOf('answer.mjs');
  const secondLensMs = await lensesOf('classify.py');
  const table = await readTable();
  appendFileSync(result, `${JSON.stringify({ table, firstLensMs, secondLensMs })}\n`);
}
