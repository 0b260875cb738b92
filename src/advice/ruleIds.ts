/** How an advice is shown: not at all, as three dots, or in the Problems view. */
export const adviceLevels = ['off', 'hint', 'information'] as const;
export type AdviceLevel = (typeof adviceLevels)[number];

/** Every rule with the level it has where nothing is set. */
export const defaultLevels = {
  'hardcoded-model': 'hint',
  'unknown-model': 'information',
  'deprecated-model': 'information',
  'flagship-for-simple-task': 'information',
  'missing-max-tokens': 'hint',
  'prompt-cache-prefix': 'information',
  'batchable-loop': 'hint',
  'batch-for-interactive': 'information',
  'batch-never-collected': 'information',
  'retry-storm': 'information',
  'pii-in-metadata': 'information',
  'oversized-context': 'information',
  'secret-in-source': 'information',
} as const satisfies Readonly<Record<string, AdviceLevel>>;

export type RuleId = keyof typeof defaultLevels;
export type RuleLevels = Readonly<Record<RuleId, AdviceLevel>>;

const isRuleId = (text: string): text is RuleId => Object.hasOwn(defaultLevels, text);

/** All rules, in the order of the documentation. */
export const ruleIds: readonly RuleId[] = Object.keys(defaultLevels).filter(isRuleId);

/** The levels of a setting: rules it does not name keep theirs, a value that is no level counts as not set. */
export function readLevels(setting: Readonly<Record<string, unknown>>): RuleLevels {
  const levels: Record<RuleId, AdviceLevel> = { ...defaultLevels };
  for (const rule of ruleIds) levels[rule] = adviceLevels.find((level) => level === setting[rule]) ?? levels[rule];
  return levels;
}
