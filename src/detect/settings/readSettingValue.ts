import type { Span } from '../finding.ts';
import type { SettingPlace } from './settingPlaces.ts';

/** What a setting's text gives, where it is more than a value. */
export interface SettingValue {
  readonly text: string;
  readonly span: Span;
  /** The name that the text itself, or its neighbour, sets: `MODEL` of `MODEL=gpt-4o`. */
  readonly name?: string;
  /** The variable that it is the default of: `MODEL` of `${MODEL:-gpt-4o}`. */
  readonly defaultOf?: string;
}

/** `${MODEL:-gpt-4o}` of compose and shells, `${MODEL:gpt-4o}` of Spring, `${env:MODEL:gpt-4o}` of Prompty. */
const environmentDefault = /^(\$\{(?:env:)?([\w.-]+)(?::[-=]|[-:=]))([^}$"'\s]+)\}$/;
/** `${{ vars.MODEL || 'gpt-4o' }}` of GitHub's workflows. */
const expressionDefault = /^(\$\{\{\s*[\w.]+\.([\w-]+)\s*\|\|\s*')([^'\s]+)'\s*\}\}$/;
/** `MODEL=gpt-4o` in a list of variables, `--model=gpt-4o` in a list of arguments. */
const assignment = /^((?:--?)?([\w.-]+)=)(["']?)([^"'\s]+)\3$/;
const flag = /^--?([A-Za-z][\w-]*)$/;
const variableName = /^(?:name|key|env|variable)$/;

/** Reads what a text sets. Offsets hold where the text has no escapes, as model ids have none. */
export function readSettingValue({ text, steps, maps, previous }: SettingPlace): SettingValue {
  const plain = readDefault({ text: text.text, span: text.span });
  const [first] = steps;
  if (first?.kind === 'element') {
    const assigned = assignment.exec(text.text);
    if (assigned) {
      const [, lead = '', name = '', quote = '', value = ''] = assigned;
      const start = text.span.start + lead.length + quote.length;
      return { ...readDefault({ text: value, span: { start, end: start + value.length } }), name };
    }
    const name = previous === undefined ? undefined : flag.exec(previous)?.[1];
    return name === undefined ? plain : { ...plain, name: name === 'm' ? 'model' : name };
  }
  // `- name: OPENAI_MODEL` with `value: gpt-4o` beside it.
  if (first?.kind === 'named' && first.name === 'value') {
    const sibling = maps[0]?.entries.find(({ key, value }) => variableName.test(key) && value?.kind === 'text');
    if (sibling?.value?.kind === 'text') return { ...plain, name: sibling.value.text };
  }
  return plain;
}

function readDefault(value: SettingValue): SettingValue {
  const match = environmentDefault.exec(value.text) ?? expressionDefault.exec(value.text);
  if (!match) return value;
  const [, lead = '', defaultOf = '', text = ''] = match;
  const start = value.span.start + lead.length;
  return { text, span: { start, end: start + text.length }, defaultOf };
}
