import type { EnvironmentPlan } from './planEnvironment.ts';

/** A debug configuration as far as we read it. */
export interface DebugConfigurationLike {
  readonly type: string;
  readonly request: string;
  readonly [key: string]: unknown;
}

/** Debuggers of C and C++ take `environment: [{name, value}]` where the others take `env: {name: value}`. */
const listTypes = new Set(['cppdbg', 'cppvsdbg']);

/** These start a browser, or a second editor that reads our variables from its own extension. */
const otherProgramTypes = new Set([
  'chrome',
  'pwa-chrome',
  'msedge',
  'pwa-msedge',
  'extensionHost',
  'pwa-extensionHost',
]);

/**
 * The configuration with the plan's variables added. What the configuration sets itself stays, except a base URL that
 * the user confirmed (the plan holds no base URL that is not); custom headers are added to those it sets.
 * @returns undefined where the session starts no program of the user's
 */
export function withDebugEnvironment(
  configuration: DebugConfigurationLike,
  plan: EnvironmentPlan,
  inherited: Readonly<Record<string, string | undefined>>,
): DebugConfigurationLike | undefined {
  if (configuration.request !== 'launch' || otherProgramTypes.has(configuration.type)) return undefined;
  if (plan.replace.size === 0) return undefined;
  return listTypes.has(configuration.type)
    ? { ...configuration, environment: inList(configuration.environment, plan, inherited) }
    : { ...configuration, env: inRecord(configuration.env, plan, inherited) };
}

function inRecord(
  env: unknown,
  plan: EnvironmentPlan,
  inherited: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const own: Record<string, unknown> = typeof env === 'object' && env !== null ? { ...env } : {};
  return { ...own, ...added((name) => (name in own ? own[name] : undefined), plan, inherited) };
}

function inList(
  environment: unknown,
  plan: EnvironmentPlan,
  inherited: Readonly<Record<string, string | undefined>>,
): readonly unknown[] {
  const own: readonly unknown[] = Array.isArray(environment) ? environment : [];
  const named = (name: string): unknown => own.find((entry) => entryName(entry) === name);
  const values = added((name) => entryValue(named(name)), plan, inherited);
  return [
    ...own.filter((entry) => !(entryName(entry) in values)),
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
  ];
}

function added(
  own: (name: string) => unknown,
  plan: EnvironmentPlan,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of plan.replace) {
    const isBaseUrl = name.endsWith('_BASE_URL');
    if (isBaseUrl || own(name) === undefined) values[name] = value;
  }
  for (const [name, lines] of plan.append) {
    const before = own(name) ?? inherited[name] ?? '';
    values[name] = `${typeof before === 'string' ? before : ''}${lines}`;
  }
  return values;
}

function entryName(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string'
    ? entry.name
    : '';
}

function entryValue(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : undefined;
}
