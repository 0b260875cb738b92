import type { WorkspaceConfiguration, workspace } from 'vscode';
import { type RuleLevels, readLevels } from '../advice/ruleIds.ts';
import { type SettingId, settingIds } from './contributions.ts';
import type { Disposable } from './disposables.ts';

export const displays = ['codeLens', 'endOfLine', 'hover', 'off'] as const;
export type Display = (typeof displays)[number];

/** The user's settings, checked. Defaults live in the manifest only. */
export interface Settings {
  readonly display: Display;
  readonly lens: {
    readonly models: boolean;
    readonly prompts: boolean;
    readonly minimumTokens: number;
    readonly minimumUsd: number;
    readonly maximumCharacters: number;
  };
  /** Globs relative to the workspace folder, or absolute with a leading `**`. */
  readonly exclude: readonly string[];
  /** Model id or alias for prompts whose model is not in sight; empty = none. */
  readonly defaultModel: string;
  /** How the advice of each rule is shown. */
  readonly advice: RuleLevels;
  /** Where `Update Prices` gets them from: an https address or a file; empty = nowhere. */
  readonly pricesUrl: string;
  readonly metering: {
    /** Ask whether to meter a workspace that calls models. */
    readonly ask: boolean;
  };
  /** Configuration of the user, in the shape of `tollgate.jsonc`; wins over the file. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface SettingsSource {
  current(): Settings;
  /** Called after every change to a `tollgate.*` setting. */
  onDidChange(listener: (settings: Settings) => void): Disposable;
  /** Writes a setting where it is set now, else to the user's settings. */
  update(id: SettingId, value: unknown): Promise<void>;
  /** Adds properties to a setting that is an object, in the settings of the workspace or of the user. */
  merge(id: SettingId, properties: Readonly<Record<string, unknown>>, where: 'workspace' | 'user'): Promise<void>;
}

export type SettingsHost = Pick<typeof workspace, 'getConfiguration' | 'onDidChangeConfiguration'>;

const section = 'tollgate';

/** The only reader and writer of VS Code's configuration. */
export function createSettings(host: SettingsHost): SettingsSource {
  let cached: Settings | undefined;
  const current = (): Settings => {
    cached ??= readSettings(host.getConfiguration());
    return cached;
  };
  return {
    current,
    onDidChange: (listener) =>
      host.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(section)) return;
        cached = undefined;
        listener(current());
      }),
    update: async (id, value) => {
      const configuration = host.getConfiguration();
      // A workspace value hides the user's, so a change must go where the value in force is.
      const inWorkspace = configuration.inspect(id)?.workspaceValue !== undefined;
      await configuration.update(id, value, !inWorkspace);
    },
    merge: async (id, properties, where) => {
      const configuration = host.getConfiguration();
      const { workspaceValue, globalValue } = configuration.inspect<unknown>(id) ?? {};
      const before = where === 'workspace' ? workspaceValue : globalValue;
      const kept = typeof before === 'object' && before !== null ? before : {};
      await configuration.update(id, { ...kept, ...properties }, where === 'user');
    },
  };
}

function readSettings(configuration: WorkspaceConfiguration): Settings {
  const read = createReader(configuration);
  return Object.freeze({
    display: read.oneOf(settingIds.display, displays),
    lens: Object.freeze({
      models: read.boolean(settingIds.lensModels),
      prompts: read.boolean(settingIds.lensPrompts),
      minimumTokens: read.number(settingIds.lensMinimumTokens),
      minimumUsd: read.number(settingIds.lensMinimumUsd),
      maximumCharacters: read.number(settingIds.lensMaximumCharacters),
    }),
    exclude: Object.freeze(read.texts(settingIds.exclude)),
    defaultModel: read.text(settingIds.defaultModel),
    advice: Object.freeze(readLevels(read.record(settingIds.advice))),
    pricesUrl: read.text(settingIds.pricesUrl),
    metering: Object.freeze({ ask: read.boolean(settingIds.meteringAsk) }),
    config: read.record(settingIds.config),
  });
}

/** Reads values of one type; a value of another type counts as not set. */
function createReader(configuration: WorkspaceConfiguration) {
  function read<T>(id: SettingId, is: (value: unknown) => value is T): T {
    const value: unknown = configuration.get(id);
    if (is(value)) return value;
    const fallback: unknown = configuration.inspect(id)?.defaultValue;
    if (is(fallback)) return fallback;
    throw new Error(`the manifest has no usable default for ${id}`);
  }
  return {
    boolean: (id: SettingId) => read(id, (value): value is boolean => typeof value === 'boolean'),
    number: (id: SettingId) => read(id, (value): value is number => typeof value === 'number' && value >= 0),
    text: (id: SettingId) => read(id, (value): value is string => typeof value === 'string').trim(),
    texts: (id: SettingId) =>
      read(id, (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string')),
    record: (id: SettingId) =>
      read(
        id,
        (value): value is Readonly<Record<string, unknown>> =>
          typeof value === 'object' && value !== null && !Array.isArray(value),
      ),
    oneOf: <const T extends string>(id: SettingId, allowed: readonly T[]) =>
      read(id, (value): value is T => allowed.some((item) => item === value)),
  };
}
