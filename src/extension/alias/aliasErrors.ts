import type { AliasEditRefusal } from '../../advice/aliasEdit.ts';
import type { Translate } from '../translate.ts';

/** What users read when an alias cannot be used, each with what to do. */
export const aliasErrors = {
  noFolder: (t: Translate): string => t('Open a folder first: aliases are kept in its tollgate.jsonc.'),
  noMention: (t: Translate): string => t('There is no model here. Put the cursor on a model id such as "gpt-4o".'),
  noMentionInFile: (t: Translate): string => t('No model is named in this file.'),
  changed: (t: Translate): string => t('The file changed meanwhile. Nothing was edited; try again.'),
  notApplied: (t: Translate): string => t('The editor did not apply the change. Is a file read-only?'),
  brokenConfig: (t: Translate): string =>
    t('tollgate.jsonc has errors. Correct them first; they are in the Problems view.'),
  missingProvider: (provider: string, t: Translate): string =>
    t('The model is sold by "{0}", which is no provider yet. Add it under "providers" in tollgate.jsonc.', provider),
  mapOccupied: (path: string, t: Translate): string =>
    t('{0} is not a file that Tollgate generated. Rename it, or use the alias as a plain string.', path),
  inUserSettings: (alias: string, t: Translate): string =>
    t('"{0}" is an alias of your user settings. Rename it there, under "tollgate.config".', alias),
  notDeclared: (alias: string, t: Translate): string =>
    t('No file declares "{0}". Add it under "aliases" in tollgate.jsonc first.', alias),
  refused: (reason: AliasEditRefusal, t: Translate): string =>
    reason === 'nothingToReplace'
      ? aliasErrors.changed(t)
      : t('Only a literal can stand here. Choose the alias as a plain string, with the button at its right.'),
};
