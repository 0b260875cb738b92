import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { Keys } from '../syntax/readKeys.ts';
import type { Step } from '../syntax/step.ts';
import type { Setting, SettingList, SettingMap, SettingText } from './setting.ts';

/** A text with the way to it from the outside. */
export interface SettingPlace {
  readonly text: SettingText;
  /** The same steps that a literal in code has, innermost first. */
  readonly steps: readonly Step[];
  /** Keys from the outermost, joined by dots; list entries add nothing. */
  readonly path: string;
  /** Maps around it, innermost first. */
  readonly maps: readonly SettingMap[];
  /** The list it is an entry of, and the text before it there. */
  readonly list: SettingList | undefined;
  readonly previous: string | undefined;
}

/** Calls `visit` for each text, in document order. */
export function visitSettings(settings: readonly Setting[], visit: (place: SettingPlace) => void): void {
  const open = { steps: [] as Step[], keys: [] as string[], maps: [] as SettingMap[] };

  function visitMap(map: SettingMap): void {
    open.maps.unshift(map);
    for (const { key, value } of map.entries) {
      const named = {
        kind: 'named',
        form: 'property',
        name: identifierWords(key),
        container: map.span,
        before: '',
      } as const;
      open.steps.unshift(named);
      open.keys.push(key);
      if (value) visitOne(value);
      open.steps.shift();
      open.keys.pop();
    }
    open.maps.shift();
  }

  function visitList(list: SettingList): void {
    open.steps.unshift({ kind: 'element', list: list.span, before: '' });
    let previous: string | undefined;
    for (const item of list.items) {
      visitOne(item, list, previous);
      previous = item.kind === 'text' ? item.text : undefined;
    }
    open.steps.shift();
  }

  function visitOne(setting: Setting, list?: SettingList, previous?: string): void {
    if (setting.kind === 'map') visitMap(setting);
    else if (setting.kind === 'list') visitList(setting);
    else {
      const { steps, keys, maps } = open;
      visit({ text: setting, steps: [...steps], path: keys.join('.'), maps: [...maps], list, previous });
    }
  }

  for (const setting of settings) visitOne(setting);
}

/** The keys of a map as the rules ask for them: names in one spelling, with the source of their values. */
export function keysOfMap(map: SettingMap): Keys {
  return new Map(map.entries.map(({ key, source }): [string, string] => [identifierWords(key), source]));
}

export const isSameSpan = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;
