import { Disposable, type DocumentFilter, languages } from 'vscode';
import { configFileName, localConfigFileName } from '../../../config/config.ts';
import { configFolder } from '../../config/configStore.ts';
import { documentSelector } from '../../lens/documentSelector.ts';
import type { CompletionDeps } from './completeAlias.ts';
import type { ReferenceDeps } from './findReferences.ts';

const configSelector: DocumentFilter = { pattern: `**/{${configFileName},${localConfigFileName}}` };
const everywhere = [...documentSelector, configSelector];

export type AliasLanguageDeps = ReferenceDeps & CompletionDeps;

/**
 * Aliases as a language has names: completion, definition, references and rename, across code and configuration. What
 * they need is loaded when first asked for.
 */
export function startAliasLanguage(deps: AliasLanguageDeps): Disposable {
  return Disposable.from(
    languages.registerDefinitionProvider(everywhere, {
      async provideDefinition(document, position) {
        const { definitions } = await import('./definitions.ts');
        return definitions(deps, document, document.offsetAt(position));
      },
    }),
    languages.registerReferenceProvider(everywhere, {
      async provideReferences(document, position, { includeDeclaration }, token) {
        const { references } = await import('./definitions.ts');
        return references(deps, document, document.offsetAt(position), includeDeclaration, token);
      },
    }),
    languages.registerRenameProvider(everywhere, {
      async prepareRename(document, position) {
        const { prepareRename } = await import('./renameAlias.ts');
        const at = await prepareRename(deps, document, document.offsetAt(position));
        // Another provider may know the name.
        if (!at) throw new Error('There is no alias here.');
        return { range: at.range, placeholder: at.alias };
      },
      async provideRenameEdits(document, position, newName, token) {
        const { renameAlias } = await import('./renameAlias.ts');
        return renameAlias(deps, document, document.offsetAt(position), newName.trim(), token);
      },
    }),
    startCompletions(deps),
  );
}

function startCompletions(deps: CompletionDeps): Disposable {
  return Disposable.from(
    languages.registerCompletionItemProvider(
      [...documentSelector],
      {
        async provideCompletionItems(document, position) {
          const { completeAlias } = await import('./completeAlias.ts');
          return completeAlias(deps, document, document.offsetAt(position));
        },
      },
      '"',
      "'",
      '`',
    ),
    languages.registerCompletionItemProvider(
      configSelector,
      {
        async provideCompletionItems(document, position) {
          const { completeName } = await import('./configNames.ts');
          return configFolder(document.uri) ? completeName(deps, document, document.offsetAt(position)) : [];
        },
      },
      '"',
      '/',
    ),
    languages.registerHoverProvider(configSelector, {
      async provideHover(document, position) {
        const { hoverName } = await import('./configNames.ts');
        return configFolder(document.uri) ? hoverName(deps, document, document.offsetAt(position)) : undefined;
      },
    }),
  );
}
