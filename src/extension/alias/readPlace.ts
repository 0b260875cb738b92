import { type TextDocument, Uri, window, workspace } from 'vscode';
import type { Place } from './mentions.ts';

/** What a lens or a cell passes to our commands; anything else is the cursor's place. */
export interface PlaceArgument extends Place {
  readonly uri: string;
}

export interface DocumentPlace {
  readonly document: TextDocument;
  readonly place: Place;
}

/** Where a command is to work: the place it was given, else the cursor. Undefined without an editor. */
export async function readPlace(argument: unknown): Promise<DocumentPlace | undefined> {
  if (isPlaceArgument(argument))
    return { document: await workspace.openTextDocument(Uri.parse(argument.uri, true)), place: argument };
  const editor = window.activeTextEditor;
  return editor && { document: editor.document, place: { offset: editor.document.offsetAt(editor.selection.active) } };
}

function isPlaceArgument(argument: unknown): argument is PlaceArgument {
  if (typeof argument !== 'object' || argument === null) return false;
  if (!('uri' in argument && typeof argument.uri === 'string')) return false;
  if (!('offset' in argument && typeof argument.offset === 'number')) return false;
  return !('text' in argument) || argument.text === undefined || typeof argument.text === 'string';
}
