import * as assert from 'node:assert/strict';
import {
  type CodeLens,
  commands,
  type Hover,
  type TextDocument,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';

export const extensionId = 'tollgate.tollgate';

export function workspaceUri(path: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the tests need a workspace folder');
  return Uri.joinPath(folder.uri, path);
}

/** Opens a file in an editor, without the reference that `openTextDocument` would keep for minutes after it is closed. */
export async function show(path: string): Promise<TextEditor> {
  const uri = workspaceUri(path);
  await commands.executeCommand('vscode.open', uri, { preview: false });
  return eventually(`editor of ${path}`, () =>
    window.activeTextEditor?.document.uri.toString() === uri.toString() ? window.activeTextEditor : undefined,
  );
}

/** Asks again until `read` gives something, for what the editor does in its own time. */
export async function eventually<T>(what: string, read: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`there was no ${what} within 20 s`);
}

/** The code lenses as the editor would draw them: line and title. */
export async function lenses(document: TextDocument): Promise<{ line: number; title: string }[]> {
  const found = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
  return found
    .filter(({ command }) => command?.command.startsWith('tollgate.'))
    .map(({ range, command }) => ({ line: range.start.line, title: command?.title ?? '' }))
    .sort((a, b) => a.line - b.line);
}

export async function lensesOnceThere(document: TextDocument): Promise<{ line: number; title: string }[]> {
  return eventually(`code lens in ${document.uri.path}`, async () => {
    const found = await lenses(document);
    return found.length > 0 ? found : undefined;
  });
}

export async function closeAll(): Promise<void> {
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await commands.executeCommand('workbench.action.closeAllEditors');
}

/** Writes a file and waits until an editor that has it open shows that. */
export async function write(path: string, text: string): Promise<void> {
  const uri = workspaceUri(path);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await eventually(`${path} as written`, () => {
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    return open === undefined || open.getText() === text ? true : undefined;
  });
}

/** What the pointer would be shown at a text of a document. */
export async function hoverAt(document: TextDocument, text: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(text));
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position);
  const contents = hovers.flatMap((hover) => hover.contents);
  return contents.map((content) => (typeof content === 'string' ? content : content.value)).join('\n\n');
}

export function fileText(path: string): Promise<string | undefined> {
  return Promise.resolve(workspace.fs.readFile(workspaceUri(path))).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined,
  );
}
