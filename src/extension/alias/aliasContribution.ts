import { commands, Disposable } from 'vscode';
import { commandIds } from '../contributions.ts';
import { startAliasActions } from './aliasActions.ts';
import { startMapUpdates } from './mapUpdates.ts';
import type { AliasParts } from './useAlias.ts';

/** Aliases in the place of models: commands, code actions, and the generated maps kept up to date. */
export function startAliases(parts: AliasParts): Disposable {
  // Loaded when first used: planning edits is no part of activation.
  const use = async (scope: 'one' | 'file', argument: unknown): Promise<void> => {
    const { useAlias } = await import('./useAlias.ts');
    await useAlias(parts, scope, argument);
  };
  return Disposable.from(
    commands.registerCommand(commandIds.useAlias, (argument: unknown) => use('one', argument)),
    commands.registerCommand(commandIds.useAliasEverywhereInFile, (argument: unknown) => use('file', argument)),
    startAliasActions(parts.analysis),
    startMapUpdates(parts.host),
  );
}
