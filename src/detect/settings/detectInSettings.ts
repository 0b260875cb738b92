import type { Evidence } from '../evidence.ts';
import type { Finding, ModelMention, Prompt, Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { LanguageTable } from '../language/languageTable.ts';
import { type Candidate, requestSpan } from '../rules/candidate.ts';
import { judgeModel } from '../rules/judgeModel.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { catalogueName } from '../rules/modelWords.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context, Step } from '../syntax/step.ts';
import { judgeSettingPrompt } from './judgeSettingPrompt.ts';
import { readSettingValue, type SettingValue } from './readSettingValue.ts';
import type { Setting } from './setting.ts';
import { formatsOf, type SettingFormat } from './settingFormats.ts';
import { isSameSpan, type SettingPlace, visitSettings } from './settingPlaces.ts';

const plainKey = /^(?:model|model_name|model_id|(?:azure_)?deployment(?:_name)?)$/;

/** A settings document with what is known of it as a whole. */
export interface SettingsDocument {
  readonly source: string;
  readonly path: string;
  readonly settings: readonly Setting[];
  readonly evidence: Evidence;
  readonly table: LanguageTable;
  /** The kinds of settings file it is of, where they are known already. */
  readonly formats?: readonly SettingFormat[];
}

/** Findings of a settings document, in its order: models by key path, and prompts. None can become an expression. */
export function detectInSettings(document: SettingsDocument, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  const formats = document.formats ?? formatsOf(document.path, document.source);
  visitSettings(document.settings, (place) => {
    const mention = readMention(document, place, formats, models);
    if (mention) findings.push(mention);
    else {
      const prompt = readPrompt(document, place, formats);
      if (prompt) findings.push(prompt);
    }
  });
  return findings;
}

function candidateOf({ evidence, table }: SettingsDocument, place: SettingPlace, value: SettingValue): Candidate {
  const { text, maps } = place;
  const literal: Literal = { span: text.literal, parts: text.parts, holes: text.holes, text: value.text, bytes: false };
  const context: Context = { steps: stepsOf(place, value), extent: text.span };
  return {
    literal,
    context,
    evidence,
    table,
    keysOf(container) {
      const map = maps.find(({ span }) => isSameSpan(span, container));
      if (!map) return new Map();
      return map === maps.at(-1) || map.isAccess ? map.keysInUse() : map.keys;
    },
    // What reads the settings is elsewhere.
    ask: (question) => (question === 'gone through' ? 'yes' : ''),
  };
}

/** The way outward, with what the text itself sets in the place of its key. */
function stepsOf({ steps, text }: SettingPlace, { name, defaultOf }: SettingValue): Step[] {
  const fallback: Step[] = defaultOf === undefined ? [] : [{ kind: 'fallback', left: defaultOf }];
  if (name === undefined) return [...fallback, ...steps];
  const named: Step = {
    kind: 'named',
    form: 'property',
    name: identifierWords(name),
    container: text.span,
    before: '',
  };
  return [...fallback, named, ...steps.slice(1)];
}

function readMention(
  document: SettingsDocument,
  place: SettingPlace,
  formats: readonly SettingFormat[],
  models: ModelTextReader,
): ModelMention | undefined {
  const value = readSettingValue(place);
  const kind = models.read(value.text);
  // A name nobody knows stands under the plainest keys only: `output-model-type` holds a type.
  if (kind === 'no' || (kind === 'idLike' && !plainKey.test(nameOf(place, value)))) return undefined;
  if (document.table.settings && isRecord(place)) return undefined;
  const candidate = candidateOf(document, place, value);
  const [first] = candidate.context.steps;
  if (first?.kind === 'named' && catalogueName.test(first.name)) return undefined;
  const isOwn = kind !== 'idLike' && formats.some((format) => format.models?.test(place.path));
  if (!isOwn && !judgeModel(candidate, kind)) return undefined;
  const isWhole = isSameSpan(value.span, place.text.span);
  return {
    kind: 'model',
    span: value.span,
    literal: isWhole ? place.text.literal : value.span,
    text: value.text,
    replaceable: false,
    ...callOf(requestSpan(candidate)),
  };
}

function nameOf({ steps: [first] }: SettingPlace, { name }: SettingValue): string {
  if (name !== undefined) return identifierWords(name);
  return first?.kind === 'named' ? first.name : '';
}

/** A row of results, or the public name of a route whose model stands beside it. */
function isRecord({ maps, path }: SettingPlace): boolean {
  const [map] = maps;
  if (!map) return false;
  return map.isRecorded || map.isRecord || (path.endsWith('model_name') && map.keys.has('litellm_params'));
}

function readPrompt(
  document: SettingsDocument,
  place: SettingPlace,
  formats: readonly SettingFormat[],
): Prompt | undefined {
  const verdict = judgeSettingPrompt(place, document.evidence, formats);
  if (!verdict) return undefined;
  const { literal, parts, holes } = place.text;
  const asking = place.maps.find((map) => map.asks) ?? place.maps.at(-1);
  return { kind: 'prompt', span: literal, parts, holes, ...verdict, ...callOf(asking?.span) };
}

const callOf = (call: Span | undefined): { call?: Span } => (call ? { call } : {});
