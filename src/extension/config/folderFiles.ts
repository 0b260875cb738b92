import { FileSystemError, type Uri, workspace } from 'vscode';

/** A file's text as it is on disk; undefined when there is none. */
export async function readFileText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

/** A file's text as the user sees it: that of the open document, saved or not, else that on disk. */
export async function readLiveText(uri: Uri): Promise<string | undefined> {
  const onDisk = await readFileText(uri);
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  // A document outlives its editor for a while; without edits in it, a file that was deleted is gone.
  if (open === undefined || (onDisk === undefined && !open.isDirty)) return onDisk;
  return open.getText();
}
