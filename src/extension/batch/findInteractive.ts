import { basename } from 'node:path';
import { l10n, type TextDocument, workspace } from 'vscode';
import type { ModelCall } from '../../detect/calls/modelCall.ts';
import { interactiveUses } from './interactiveUse.ts';

const sources = '**/*.{py,ts,tsx,mts,js,jsx,mjs,cjs,go,java,kt,cs,rb,php,rs}';
const others = '**/{node_modules,.venv,venv,dist,build,out}/**';
const mostFiles = 2000;
const mostBytes = 500_000;

/** Where prompt files are used by request handlers of the workspace, in a sentence each. */
export async function findInteractive(
  promptPaths: readonly string[],
  callsOf: (document: TextDocument) => Promise<readonly ModelCall[]>,
): Promise<readonly string[]> {
  const names = [...new Set(promptPaths.map((path) => basename(path)))];
  const found: string[] = [];
  for (const uri of await workspace.findFiles(sources, others, mostFiles)) {
    const { size } = await workspace.fs.stat(uri);
    if (size > mostBytes) continue;
    const text = Buffer.from(await workspace.fs.readFile(uri)).toString('utf8');
    const named = names.filter((name) => text.includes(name));
    if (named.length === 0) continue;
    const document = await workspace.openTextDocument(uri);
    for (const { name, offset } of interactiveUses(document.getText(), await callsOf(document), named)) {
      const line = document.positionAt(offset).line + 1;
      found.push(
        l10n.t('{0}, line {1}, uses {2} in a request handler.', workspace.asRelativePath(uri, false), line, name),
      );
    }
  }
  return found;
}
