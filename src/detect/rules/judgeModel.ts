import { identifierWords } from '../identifierWords.ts';
import { type Keys, setterName } from '../syntax/readKeys.ts';
import type { Step } from '../syntax/step.ts';
import {
  type Candidate,
  calleeSegments,
  type Flow,
  isAsserted,
  isReply,
  isRequest,
  isUsedUp,
  lastSegment,
  readFlow,
  selectsModel,
} from './candidate.ts';
import type { ModelText } from './modelText.ts';
import {
  catalogueKey,
  catalogueName,
  chosenList,
  chosenModel,
  collectingCallee,
  hostedModel,
  modelCallee,
  modelClass,
  modelVariable,
  notModelName,
  partOfModel,
  providerCallee,
  purposeOfModel,
  refusedModelCallee,
} from './modelWords.ts';
import { maybePromptCallee, promptCallee } from './promptWords.ts';

type Kind = Exclude<ModelText, 'no'>;
type Named = Step & { kind: 'named' };

/** True where the string selects a model, false where it is a remark. */
export function judgeModel(candidate: Candidate, kind: Kind): boolean {
  const { context } = candidate;
  if (isUsedUp(context) || isAsserted(context)) return false;
  const flow = readFlow(context.steps);
  return selects(candidate, kind, flow) && !isReply(candidate);
}

function selects(candidate: Candidate, kind: Kind, flow: Flow): boolean {
  const [first] = flow.steps;
  if (!first) return false;
  if (flow.fallbackFor !== undefined && isId(kind) && /model|llm|engine|deployment/i.test(flow.fallbackFor))
    return environmentName.test(flow.fallbackFor) || !isCatalogued(candidate, flow);
  switch (first.kind) {
    case 'named':
      return judgeNamed(candidate, kind, first, flow);
    case 'assigned':
      return judgeAssigned(candidate, kind, first);
    case 'argument':
      return judgeArgument(candidate, kind, flow);
    case 'element':
      return isId(kind) && judgeElement(candidate, flow, isFullId(kind));
    case 'returned':
    case 'lambda':
      return isId(kind) && judgeReturned(flow);
    case 'attribute':
      return selectsModel(first.name) && isId(kind);
    case 'loop':
      return isId(kind);
    default:
      return false;
  }
}

/** The environment has what a program is told, and no rows of a table. */
const environmentName = /^\W*[A-Z][A-Z\d]*_[A-Z\d_]+["'`]/;

function judgeAssigned(candidate: Candidate, kind: Kind, assigned: Step & { kind: 'assigned' }): boolean {
  if (isCatalogueOfOne(assigned.name)) return false;
  if (!selectsModel(assigned.name))
    return isFullId(kind) && (isModelVariable(candidate, assigned) || isAnsweringModel(candidate, assigned.name));
  return isId(kind) || isAlias(candidate, kind) || isUnknownId(candidate);
}

/** A `response_model` is mostly a type; where it holds an id, it is the model that answers. */
const isAnsweringModel = ({ evidence }: Candidate, name: string): boolean =>
  evidence.llm && !evidence.test && name === 'response_model';

/** The name of a catalogue, where what is named so is one string. */
const isCatalogueOfOne = (name: string): boolean =>
  !partOfModel.test(name) && catalogueName.test(name.replace(purposeOfModel, ''));

/** `LLM_FOR_NOTES = "gpt-4o"`; `first = "gpt-4o"` where the source says `model=first`. */
function isModelVariable(candidate: Candidate, { name, target, form }: Step & { kind: 'assigned' }): boolean {
  const { evidence, ask, literal } = candidate;
  if (!evidence.llm || evidence.test || form !== 'variable' || notModelName.test(name)) return false;
  return (
    ((modelVariable.test(name) || partOfModel.test(name)) && !namesItself(name, literal.text)) ||
    ask('given as model', target) !== ''
  );
}

/** `TEXT_EMBEDDING_3_SMALL = "text-embedding-3-small"` is an entry of a list of constants. */
function namesItself(name: string, id: string): boolean {
  const said = name.replace(/(?:^|_)model(?:_|$)/g, '').replaceAll('_', '');
  return (
    said.length > 5 &&
    id
      .toLowerCase()
      .replace(/[^a-z\d]/g, '')
      .startsWith(said)
  );
}

/** Reads like the id of a model nobody told us of, in a file about LLMs: `org/name-7b`, `my-model-2`. */
function isUnknownId({ evidence, literal: { text } }: Candidate): boolean {
  if (!evidence.llm || evidence.test || !namesUnknownModel(text)) return false;
  return (
    /^(?:[\w.-]+\/)+[\w.-]*[-\d][\w.:-]*$/.test(text) ||
    (/\d/.test(text) && /^[a-z][a-z\d._]+[-:][a-z\d._:-]+$/.test(text))
  );
}

const isFullId = (kind: Kind): boolean => kind === 'known' || kind === 'shaped';
const isId = (kind: Kind): boolean => kind === 'known' || kind === 'shaped' || kind === 'word';
const isAlias = ({ evidence }: Candidate, kind: Kind): boolean => kind === 'alias' && evidence.llm;

function judgeNamed(candidate: Candidate, kind: Kind, named: Named, flow: Flow): boolean {
  const keys = candidate.keysOf(named.container);
  if (selectsModel(named.name)) {
    const request = isRequest(keys, named.name);
    const isGiven = request || isPlainCall(named, flow);
    if (isCatalogueEntry(keysIn(keys, flow), isGiven) || (!request && isMenuEntry(keys, flow))) return false;
    if (isId(kind) || isAlias(candidate, kind)) return !isRefusedCall(flow);
    if (!candidate.evidence.llm || candidate.evidence.test || !namesUnknownModel(candidate.literal.text)) return false;
    return request || isLlmCall(flow) || (isUnknownId(candidate) && !refusesId(flow));
  }
  if (!isId(kind)) return false;
  if (partOfModel.test(named.name))
    return (
      isFullId(kind) &&
      (named.name === 'embedding' || !candidate.evidence.test) &&
      !isCatalogueEntry(keysIn(keys, flow), isRequest(keys, named.name)) &&
      !isRefusedCall(flow)
    );
  // `selectChatModels({ vendor: 'copilot', family: 'gpt-4o' })`
  if (named.name === 'family') return keys.has('vendor');
  // `{ name: 'modelName', default: 'gpt-4o' }`: the description of a setting.
  const setting = /^["'`]([\w.-]+)["'`]/.exec(keys.get('name') ?? '')?.[1];
  if (/^default(?:_value)?$/.test(named.name) && setting !== undefined) return selectsModel(identifierWords(setting));
  if (/^(?:id|name|value|model_id|slug)$/.test(named.name))
    return isIdOfModel(named, flow) && !isCatalogueEntry(keysIn(keys, flow), false);
  return isModelMap(keys, flow.steps[1]);
}

/** `model: { id: "gpt-4o" }`, `model=OpenAIChat(id="gpt-4o")`, `Claude(id="claude-…")`. */
function isIdOfModel(named: Named, flow: Flow): boolean {
  const outer = flow.steps.slice(1).find(({ kind }) => kind !== 'argument');
  if (outer?.kind === 'named') return selectsModel(outer.name);
  if (outer?.kind === 'assigned')
    return named.name !== 'name' && selectsModel(outer.name) && chosenModel.test(outer.name);
  if (outer?.kind !== 'call' || refusedModelCallee.test(lastSegment(outer.callee))) return false;
  const taker = flow.steps[flow.steps.indexOf(outer) + 1];
  if ((taker?.kind === 'named' || taker?.kind === 'assigned') && selectsModel(taker.name)) return true;
  return named.name === 'id' && modelClass.test(lastSegment(outer.callee));
}

/** A keyword of a call that is not named after a description: one telling key beside it is an argument as others are. */
function isPlainCall({ form }: Named, { steps }: Flow): boolean {
  const call = steps[1];
  if (form !== 'keyword' || call?.kind !== 'call') return false;
  const last = lastSegment(call.callee);
  return (
    !collectingCallee.test(last) &&
    !/(?:info|spec|card|data|pric\w+|cost|entry|details?|capabilit\w+|model|dict|option|choice)s?$/.test(last)
  );
}

/** Keys that may tell a catalogue; of an argument those are no sign that only switch something on. */
function keysIn(keys: Keys, flow: Flow): string[] {
  const call = flow.steps[1]?.kind === 'argument' ? flow.steps[2] : flow.steps[1];
  const isRequested = call?.kind === 'call' && !collectingCallee.test(lastSegment(call.callee));
  return [...keys.keys()].filter((key) => !isRequested || !/^(?:is|has)_/.test(key));
}

/** The call or the collection around it only speaks of models. */
const refusesId = (flow: Flow): boolean =>
  isRefusedCall(flow) || flow.steps.some((step) => step.kind === 'assigned' && catalogueName.test(step.name));

/** A model nobody told us of: not one plain word (`default`, `inherit`), and no dotted name. */
const namesUnknownModel = (text: string): boolean => /[-\d/:]/.test(text) && !/^[a-z_]+(?:\.[a-z_]+)+$/i.test(text);

/** `MODELS = { fast: "gpt-4o-mini" }`: names of ours to models, and not names of models to something. */
function isModelMap(entries: Iterable<readonly [string, string]>, outer: Step | undefined): boolean {
  if (outer?.kind !== 'assigned' && outer?.kind !== 'named') return false;
  if (!selectsModel(outer.name) || catalogueName.test(outer.name.replace(/^models?_(?:by|for|per)_/, ''))) return false;
  for (const [key, value] of entries) if (!/^["'`\w]/.test(value) || /\d/.test(key)) return false;
  return true;
}

/** A row of a price table or of a list to choose from. One such key may stand in a request, two do not. */
function isCatalogueEntry(keys: readonly string[], request: boolean): boolean {
  const telling = keys.filter((key) => catalogueKey.test(key)).length;
  const names = keys.filter((key) => /^model_?(?:id|name)$|^(?:name|id)$/.test(key));
  const namesTwice = names.length > 1 && names.some((key) => key.startsWith('model'));
  return telling > 1 || (!request && (telling === 1 || namesTwice));
}

/** One of several objects in a list that each have a name and a model: something to choose from. */
const isMenuEntry = (keys: Keys, { steps }: Flow): boolean => steps[1]?.kind === 'element' && keys.has('name');

function isCatalogued(candidate: Candidate, flow: Flow): boolean {
  return flow.steps.some(
    (step) => step.kind === 'named' && isCatalogueEntry([...candidate.keysOf(step.container).keys()], false),
  );
}

function isRefusedCall(flow: Flow): boolean {
  const call = flow.steps.find((step) => step.kind === 'call');
  return call !== undefined && refusedModelCallee.test(lastSegment(call.callee)) && !isEndpoint(call.callee);
}

function isLlmCall(flow: Flow): boolean {
  const call = flow.steps.find((step) => step.kind === 'call');
  if (!call) return false;
  const last = lastSegment(call.callee);
  return promptCallee.test(last) || modelCallee.test(last) || isEndpoint(call.callee);
}

/** `client.responses.parse`, `chat.completions.create`: an endpoint of a model's API. */
const isEndpoint = (callee: string): boolean =>
  maybePromptCallee.test(lastSegment(callee)) && /chat|completion|message|response|agent|llm/i.test(callee);

function judgeArgument(candidate: Candidate, kind: Kind, flow: Flow): boolean {
  const call = flow.steps[1];
  if (call?.kind !== 'call') return false;
  const segments = calleeSegments(call.callee);
  const last = segments.at(-1) ?? '';
  // `TextEmbeddingModel.from_pretrained("text-embedding-004")` asks a service; most others load a file.
  if (last === 'from_pretrained' && hostedModel.test(segments.at(-2) ?? '')) return isId(kind);
  if (refusedModelCallee.test(last)) return false;
  if (call.chain && selectsModel(setterName(last))) {
    const setter: Named = { kind: 'named', form: 'keyword', name: setterName(last), container: call.chain, before: '' };
    return judgeNamed(candidate, kind, setter, { steps: [setter, ...flow.steps.slice(2)], fallbackFor: undefined });
  }
  if (candidate.table.modelCallees?.test(last)) return isId(kind) || isAlias(candidate, kind);
  const { llm, test } = candidate.evidence;
  const outer = flow.steps[2];
  const selected = outer?.kind === 'named' && selectsModel(outer.name);
  // `"gpt-4o": define("gpt-4o", …)`: a catalogue's entry.
  if (outer?.kind === 'named' && outer.name === identifierWords(candidate.literal.text)) return false;
  if (segments.some((name) => providerCallee.test(name.replace(/^new_(?=.)/, ''))) && llm)
    return kind !== 'idLike' ? kind !== 'alias' || selected : selected && !test;
  if (modelCallee.test(last)) return isId(kind) || isAlias(candidate, kind);
  if ((kind === 'known' || kind === 'shaped') && selected) return true;
  if (kind === 'known' || kind === 'shaped')
    return (
      llm &&
      (promptCallee.test(last) || maybePromptCallee.test(last) || /^(?:call|ask|query|prompt)_/.test(last) || !test)
    );
  return false;
}

/** A list of models is a choice where something runs over it or takes it; elsewhere it is a catalogue. */
function judgeElement(candidate: Candidate, flow: Flow, isFull: boolean): boolean {
  const { evidence, ask } = candidate;
  const [first, outer] = flow.steps;
  // `return OpenAI(…), "gpt-4o"`: a client, and the model to ask by it.
  if (outer?.kind === 'returned') return first?.kind === 'element' && /\w\(.*\)\s*,\s*$/s.test(first.before);
  if (outer?.kind === 'loop') return selectsModel(outer.name) || (isFull && evidence.llm && !evidence.test);
  if (outer?.kind !== 'assigned' && outer?.kind !== 'named') return false;
  if (!selectsModel(outer.name) || catalogueName.test(outer.name) || isRefusedCall(flow)) return false;
  if (chosenList.test(outer.name)) return true;
  if (outer.kind === 'named') return !isTableOfLists(candidate, outer);
  return outer.form === 'parameter' || (!evidence.test && ask('gone through', outer.target) !== '');
}

/** `{ LlamaModel: ["llama2-7b", "…"], PhiModel: [ … ] }`: what there is, and no request. */
function isTableOfLists({ keysOf }: Candidate, { form, name, container }: Named): boolean {
  const keys = keysOf(container);
  if (form !== 'property' || isRequest(keys, name)) return false;
  return [...keys.values()].filter((value) => /^\[\s*["'`]/.test(value)).length > 2;
}

function judgeReturned(flow: Flow): boolean {
  const target = flow.steps.find(
    (step) => step.kind === 'function' || step.kind === 'assigned' || step.kind === 'named',
  );
  return (
    target !== undefined &&
    selectsModel(target.name.replace(/^(?:get|choose|select|pick|resolve)_/, '')) &&
    !isCatalogueOfOne(target.name)
  );
}
