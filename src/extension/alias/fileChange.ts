import { Position, Range, type Uri, type WorkspaceEdit, workspace } from 'vscode';
import { positionReader } from '../config/positionReader.ts';
import { textDifference } from './textDifference.ts';

/** What is to become of one whole file. */
export interface FileChange {
  readonly uri: Uri;
  /** Undefined where there is no file yet. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Adds the change to an edit: a new file with its content, or the smallest replacement in the one that is there. */
export function addFileChange(edit: WorkspaceEdit, { uri, before, after }: FileChange): void {
  if (before === undefined) {
    edit.createFile(uri, { contents: new TextEncoder().encode(after) });
    return;
  }
  const difference = textDifference(before, after);
  if (!difference) return;
  const positionOf = positionReader(before);
  const position = (offset: number): Position => new Position(positionOf(offset).line, positionOf(offset).character);
  edit.replace(uri, new Range(position(difference.span.start), position(difference.span.end)), difference.newText);
}

/** The files of `changes` that the user has edited and not saved. */
export function dirtyFiles(changes: readonly FileChange[]): ReadonlySet<string> {
  const dirty = workspace.textDocuments.filter(({ isDirty }) => isDirty).map(({ uri }) => uri.toString());
  return new Set(changes.map(({ uri }) => uri.toString()).filter((uri) => dirty.includes(uri)));
}

/** Saves what an edit has changed, but for what was dirty before: that is the user's to save. */
export async function saveFiles(changes: readonly FileChange[], dirtyBefore: ReadonlySet<string>): Promise<void> {
  for (const { uri, before, after } of changes) {
    if (before === undefined || before === after || dirtyBefore.has(uri.toString())) continue;
    // `workspace.save` would save only what has an editor.
    await (await workspace.openTextDocument(uri)).save();
  }
}
