import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import { selectsModel } from '../rules/candidate.ts';
import { catalogueKey, replyKey } from '../rules/modelWords.ts';
import type { Keys } from '../syntax/readKeys.ts';
import type { Step } from '../syntax/step.ts';
import type { Setting, SettingList, SettingMap, SettingText } from './setting.ts';
import { accessKey, priceKey, recordKey } from './settingWords.ts';

/** A map with what is asked of it for each text inside, read once. */
export interface PlacedMap extends SettingMap {
  /** Names in one spelling, with the source of their values. */
  readonly keys: Keys;
  /** One of its keys selects a model. */
  readonly asks: boolean;
  /** An answer of a model or a recorded trace. */
  readonly isRecorded: boolean;
  /** A description of what a value may be. */
  readonly isSchema: boolean;
  /** One of its keys says how a service is reached. */
  readonly isAccess: boolean;
  /** A row of results. */
  readonly isRecord: boolean;
  /** What is set there is used: a title beside it makes no catalogue of it, a price does. */
  readonly keysInUse: () => Keys;
}

/** A text with the way to it from the outside. */
export interface SettingPlace {
  readonly text: SettingText;
  /** The same steps that a literal in code has, innermost first. */
  readonly steps: readonly Step[];
  /** Keys from the outermost, joined by dots; list entries add nothing. */
  readonly path: string;
  /** Maps around it, innermost first. */
  readonly maps: readonly PlacedMap[];
  /** The list it is an entry of, and the text before it there. */
  readonly list: SettingList | undefined;
  readonly previous: string | undefined;
}

/** Calls `visit` for each text, in document order. */
export function visitSettings(settings: readonly Setting[], visit: (place: SettingPlace) => void): void {
  const open = { steps: [] as Step[], keys: [] as string[], maps: [] as PlacedMap[] };

  function visitMap(map: SettingMap): void {
    open.maps.unshift(placed(map));
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

const schemaType = /^["']?(?:string|object|array|number|integer|boolean|null)\b/;
/** Attributes of a trace: `llm.model_name`, `gen_ai.request.model`. */
const traceKey = /^(?:llm|gen_ai|openinference|input|output)\./;

/** A map of more is a table, of which the head says what it is; its keys are gone through for each of its texts. */
const mostKeys = 300;

function placed(map: SettingMap): PlacedMap {
  const head = map.entries.slice(0, mostKeys);
  const keys: Keys = new Map(head.map(({ key, source }): [string, string] => [identifierWords(key), source]));
  const names = [...keys.keys()];
  const isRecorded =
    names.filter((key) => replyKey.test(key)).length > 1 ||
    map.entries.some(({ key, value }) => value?.kind !== 'map' && traceKey.test(key));
  let used: Keys | undefined;
  return {
    ...map,
    keys,
    isAccess: names.some((key) => accessKey.test(key)),
    isRecord: names.some((key) => recordKey.test(key)),
    keysInUse() {
      used ??= names.some((key) => priceKey.test(key))
        ? keys
        : new Map([...keys].filter(([key]) => !catalogueKey.test(key)));
      return used;
    },
    asks: names.some(selectsModel),
    isRecorded,
    isSchema: schemaType.test(keys.get('type') ?? ''),
  };
}

export const isSameSpan = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;
