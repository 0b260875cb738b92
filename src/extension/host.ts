import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { DisposableStore } from './disposables.ts';
import type { SettingsSource } from './settings.ts';

/** What every part of the extension is given. Made once, by `activate`. */
export interface Host {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly settings: SettingsSource;
  /** Ends with the extension. */
  readonly disposables: DisposableStore;
}
