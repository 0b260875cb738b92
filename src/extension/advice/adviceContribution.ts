import { Disposable } from 'vscode';
import { startAdviceActions } from './adviceActions.ts';
import { startAdviceCommands } from './adviceCommands.ts';
import { type AdviceParts, startAdviceDiagnostics } from './adviceDiagnostics.ts';
import { AdviceStore } from './adviceStore.ts';

/** The pitfalls of the documents on screen, as diagnostics with fixes. */
export function startAdvice(parts: Omit<AdviceParts, 'store'>): Disposable {
  const store = new AdviceStore();
  return Disposable.from(
    startAdviceDiagnostics({ ...parts, store }),
    startAdviceActions(store, parts.analysis),
    startAdviceCommands(parts.host),
  );
}
