import { basename } from 'node:path';
import { l10n, type TextDocument, type Uri, workspace } from 'vscode';
import { interactiveUses } from '../../batch/interactiveUse.ts';
import type { ModelCall } from '../../detect/calls/modelCall.ts';
import { describeError, type Log } from '../log.ts';

const sources = '**/*.{py,ts,tsx,mts,js,jsx,mjs,cjs,go,java,kt,cs,rb,php,rs}';
const others = '**/{node_modules,.venv,venv,dist,build,out}/**';
const mostFiles = 2000;
const mostBytes = 500_000;

/** Where prompt files are used by request handlers of the workspace, in a sentence each. */
export async function findInteractive(
  promptPaths: readonly string[],
  callsOf: (document: TextDocument) => Promise<readonly ModelCall[]>,
  log: Pick<Log, 'debug'>,
): Promise<readonly string[]> {
  const names = [...new Set(promptPaths.map((path) => basename(path)))];
  const found: string[] = [];
  for (const uri of await workspace.findFiles(sources, others, mostFiles)) {
    const text = await readSource(uri, log);
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

/** Empty for what is too large, or cannot be read: a link that leads nowhere must not keep the others from being looked at. */
async function readSource(uri: Uri, log: Pick<Log, 'debug'>): Promise<string> {
  try {
    const { size } = await workspace.fs.stat(uri);
    return size > mostBytes ? '' : Buffer.from(await workspace.fs.readFile(uri)).toString('utf8');
  } catch (error) {
    log.debug('not looked into for request handlers', uri.fsPath, describeError(error));
    return '';
  }
}
