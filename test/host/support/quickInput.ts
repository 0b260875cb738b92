import { commands } from 'vscode';
import { eventually } from './editor.ts';

/**
 * Accepts what is selected in the quick input that a command shows, and in those that follow, until `done`.
 * An input that is not there yet takes no harm from being accepted.
 */
export async function acceptUntil(what: string, done: () => Promise<boolean> | boolean): Promise<void> {
  await eventually(what, async () => {
    if (await done()) return true;
    await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return undefined;
  });
}
