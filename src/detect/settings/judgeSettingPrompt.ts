import type { Evidence } from '../evidence.ts';
import { isRequest } from '../rules/candidate.ts';
import { type PromptVerdict, roleOf } from '../rules/promptVerdict.ts';
import {
  contentKey,
  directive,
  messageRole,
  notPromptName,
  personKey,
  promptName,
  shownKey,
} from '../rules/promptWords.ts';
import { countWords } from '../rules/wording.ts';
import type { SettingMap } from './setting.ts';
import type { SettingFormat } from './settingFormats.ts';
import type { SettingPlace } from './settingPlaces.ts';

/** A text that only says where the prompt is: `file://prompt.txt`, `prompts.py:make`. */
const isReference = (text: string): boolean =>
  /^(?:file|https?|exec|langfuse|portkey):\S|^\S+\.\w{1,6}(?::\w+)?$/.test(text.trim());
const reply =
  /(?:^|_)(?:responses?|expected)$|^expect_|^(?:output|outputs|completion|completions|expected|expected_output|choices|answer|answers|result|results|generations?)$/;

/** Judges a text of a settings file as LLM input; undefined where it is none. */
export function judgeSettingPrompt(
  place: SettingPlace,
  evidence: Evidence,
  formats: readonly SettingFormat[],
): PromptVerdict | undefined {
  const words = countWords(place.text.text);
  if (words === 0 || isReference(place.text.text) || isRecorded(place)) return undefined;
  return (
    judgeMessage(place, evidence) ??
    judgeFormat(place, formats, words) ??
    judgeArgument(place, words) ??
    judgeKey(place, evidence, words)
  );
}

/** Stands in an answer of a model, or in a description of what such a file may hold. */
function isRecorded({ steps, maps }: SettingPlace): boolean {
  if (steps.some((step) => step.kind === 'named' && reply.test(step.name) && step.name !== 'expected_output'))
    return true;
  return maps.some((map) => map.isRecorded || map.isSchema);
}

const textOf = (map: SettingMap, key: string): string | undefined => {
  const value = map.entries.find((entry) => entry.key === key)?.value;
  return value?.kind === 'text' ? value.text : undefined;
};

/** `role: user` with `content:` beside it, or with a list of parts that hold `text:`. */
function judgeMessage({ steps, maps, path }: SettingPlace, evidence: Evidence): PromptVerdict | undefined {
  const named = steps.filter((step) => step.kind === 'named').slice(0, 3);
  for (const [index, step] of named.entries()) {
    if (!contentKey.test(step.name)) return undefined;
    const map = maps[index];
    const role = map && textOf(map, 'role');
    if (role === undefined) continue;
    const isChat = evidence.llm || /(?:^|\.)(?:messages|prompt|chat|conversation)\b/i.test(path);
    return messageRole.test(role) && isChat ? verdictOf(role) : undefined;
  }
  return undefined;
}

function judgeFormat(
  { path, maps }: SettingPlace,
  formats: readonly SettingFormat[],
  words: number,
): PromptVerdict | undefined {
  const own = formats.some(
    ({ prompts, beside }) =>
      prompts?.test(path) && (beside === undefined || maps[0]?.entries.some(({ key }) => key === beside)),
  );
  return own && words >= 2 ? verdictOf(/system|rules|backstory|goal/i.test(path) ? 'system' : 'user') : undefined;
}

/** Keys that hold what is sent where a model stands beside them. */
const sentKey = /^(?:system|user|input|inputs|query|question|system_content|user_input|negative_prompt)$/;
const modelFlag = /^(?:-m|--model)(?:=|$)/;

/** What follows the flags of a command that names a model: `["--model", "gpt-4o", "Summarise the file."]`. */
function judgeArgument({ list, previous, text }: SettingPlace, words: number): PromptVerdict | undefined {
  if (!list || words < 4 || /^\s*[[{]/.test(text.text)) return undefined;
  const namesModel = list.items.some((item) => item.kind === 'text' && modelFlag.test(item.text));
  const isFlagged =
    previous !== undefined && /^-/.test(previous) && !/^(?:-p|--(?:system-)?prompt|--system)$/.test(previous);
  return namesModel && !isFlagged ? verdictOf('user') : undefined;
}

/** `system_prompt: …`, and in a file of prompts whatever is written out at length. */
function judgeKey({ steps, maps, text }: SettingPlace, evidence: Evidence, words: number): PromptVerdict | undefined {
  const step = steps.find(({ kind }) => kind === 'named');
  const [map] = maps;
  if (step?.kind !== 'named' || !map || words < 3) return undefined;
  const { name } = step;
  const { keys } = map;
  if (shownKey.test(name) || notPromptName.test(name)) return undefined;
  if ([...keys.keys()].some((key) => personKey.test(key))) return undefined;
  const isLong = words >= 12 || (words >= 6 && text.text.includes('\n'));
  if (evidence.promptFile && isLong) return verdictOf(name);
  if (!evidence.llm) return undefined;
  const isAsked = map.asks || isRequest(keys, name);
  if (promptName.test(name)) return isLong || isAsked || directive.test(text.text) ? verdictOf(name) : undefined;
  return sentKey.test(name) && map.asks ? verdictOf(name) : undefined;
}

function verdictOf(name: string): PromptVerdict {
  const role = roleOf(name);
  return role === undefined ? {} : { role };
}
