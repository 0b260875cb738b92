/** What `vscode.l10n.t` does, as a parameter, so that texts can be rendered outside the editor. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** The English texts as they stand, `{0}` filled in. */
export const untranslated: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (hole, index: string) => String(args[Number(index)] ?? hole));
