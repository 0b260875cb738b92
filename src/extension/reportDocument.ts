import { EventEmitter, Uri, workspace } from 'vscode';
import type { DisposableStore } from './disposables.ts';

/** The report of a command as a read-only document. The next one takes the place of the last, also where that is open. */
export interface ReportDocument {
  readonly uri: Uri;
  replace(text: string): void;
}

/** @param store ends it */
export function createReportDocument(store: DisposableStore, scheme: string, path: string): ReportDocument {
  const uri = Uri.from({ scheme, path });
  const changed = store.add(new EventEmitter<Uri>());
  let shown = '';
  store.add(
    workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => shown,
    }),
  );
  return {
    uri,
    replace(text) {
      shown = text;
      changed.fire(uri);
    },
  };
}
