/**
 * A kind of settings file whose keys are known: what its documentation says selects a model or is sent to one.
 * Key paths are joined by dots, list entries add nothing: `providers.id`. To add a kind, add a row.
 */
export interface SettingFormat {
  /** The file's path says what it is. */
  readonly name?: RegExp;
  /** So does its text. */
  readonly text?: RegExp;
  readonly models?: RegExp;
  readonly prompts?: RegExp;
  /** Keys that stand beside a prompt of this kind. */
  readonly beside?: string;
}

/** All that fit are asked, beside the rules for settings in general. */
export const settingFormats: readonly SettingFormat[] = [
  // GitHub Models: docs.github.com/github-models/use-github-models/storing-prompts-in-github-repositories
  { name: /\.prompt\.ya?ml$/i, models: /^model$/, prompts: /^messages\.content$/ },
  // promptfoo.dev/docs/configuration/reference
  {
    name: /(?:^|[\\/])promptfoo[\w.-]*\.(?:ya?ml|json)$/i,
    text: /promptfoo\.dev\/config-schema/,
    models: /^(?:providers|targets)(?:\.id)?$|(?:^|\.)(?:provider|grader)(?:\.(?:id|text))?$/,
    prompts: /^prompts(?:\.(?:raw|content|prompt))?$|(?:^|\.)rubricPrompt$/,
  },
  // learn.microsoft.com/semantic-kernel/concepts/prompts/yaml-schema
  { text: /^[^\S\n]*"?(?:template_format|execution_settings|input_variables)"?\s*:/m, prompts: /^template$/ },
  // python.langchain.com: `load_prompt` files and hub exports
  {
    text: /"?_type"?\s*:\s*"?(?:few_shot|prompt|chat_prompt)|"langchain(?:_core)?",\s*"prompts"|PromptTemplate"/,
    prompts: /(?:^|\.)(?:template|prefix|suffix)$/,
  },
  // docs.continue.dev/reference
  {
    name: /(?:^|[\\/])\.continue(?:rc)?[\\/].*\.(?:ya?ml|json)$|(?:^|[\\/])\.continuerc\.json$/,
    text: /^schema: v1$/m,
    models: /^models\.model$/,
    prompts:
      /^(?:prompts|customCommands)\.prompt$|^(?:systemMessage|models\.systemMessage)$|^rules(?:\.rule)?$|chatOptions\.base\w*SystemMessage$/,
  },
  // docs.crewai.com/concepts/agents, /tasks
  { text: /^[^\S\n]*backstory\s*:/m, prompts: /(?:^|\.)(?:goal|backstory)$/, beside: 'backstory' },
  {
    text: /^[^\S\n]*expected_output\s*:/m,
    prompts: /(?:^|\.)(?:description|expected_output)$/,
    beside: 'expected_output',
  },
  // geminicli.com/docs/cli/custom-commands
  { name: /(?:^|[\\/])\.gemini[\\/]commands[\\/].*\.toml$/, prompts: /^prompt$/ },
];

/** Files of texts for people, of descriptions of an interface, of recorded traffic: what they hold chooses nothing. */
const notSettings =
  /(?:^|[\\/])(?:translations?|locales?|_locales|i18n|l10n|lang|langs|languages|cassettes?|__snapshots__|node_modules)[\\/]|(?:^|[\\/])(?:strings|package\.nls(?:\.[\w-]+)?|tsconfig[\w.-]*|openapi[\w.-]*|swagger[\w.-]*|[\w.-]*[.-]schema|pnpm-lock|all-?contributors(?:rc)?)\.(?:jsonc?|ya?ml)$/i;
const topKeyOfOther = /^["']?(?:openapi|swagger|asyncapi|http_interactions|apiVersion: apiextensions)\b/m;
const schemaOfOther = /"\$schema"\s*:\s*"https?:\/\/json-schema\.org/;

/** False where the file, by its name or its first lines, is not there to set anything. */
export function mayHoldSettings(path: string, text: string): boolean {
  const head = text.slice(0, 2_000);
  return !notSettings.test(path) && !topKeyOfOther.test(head.replace(/^\s*\{?\s*/, '')) && !schemaOfOther.test(head);
}

/** The kinds that a file is of. */
export function formatsOf(path: string, text: string): SettingFormat[] {
  return settingFormats.filter(({ name, text: says }) => name?.test(path) || says?.test(text));
}
