import type { PanelUpdate } from './messages.ts';
import { type PanelStringKey, panelStrings } from './panelStrings.ts';
import { firstView, type PanelView, parsePanelView } from './panelView.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Reads a message to the panel. Only the extension can post to a webview and both come in one package, so the shape
 * within is trusted; messages of the editor's own scripts are left alone.
 */
export function readUpdate(message: unknown): PanelUpdate | undefined {
  return isUpdate(message) ? message : undefined;
}

function isUpdate(message: unknown): message is PanelUpdate {
  return isRecord(message) && message.type === 'state' && isRecord(message.state);
}

/** Ids of the calls that were open when the panel was last hidden. */
export function readOpenCalls(saved: unknown): readonly string[] {
  const ids = isRecord(saved) ? saved.openCalls : undefined;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

/** What was chosen to be seen when the panel was last hidden. */
export function readView(saved: unknown): PanelView {
  return (isRecord(saved) ? parsePanelView(saved.view) : undefined) ?? firstView;
}

/** Translated texts, as JSON text; keys this version does not know are left out. */
export function readStrings(json: string | undefined): Partial<Record<PanelStringKey, string>> {
  if (json === undefined || json === '') return {};
  const parsed: unknown = JSON.parse(json);
  if (!isRecord(parsed)) return {};
  const known: Partial<Record<PanelStringKey, string>> = {};
  for (const key of Object.keys(panelStrings).filter(isStringKey)) {
    const text = parsed[key];
    if (typeof text === 'string') known[key] = text;
  }
  return known;
}

function isStringKey(key: string): key is PanelStringKey {
  return key in panelStrings;
}
