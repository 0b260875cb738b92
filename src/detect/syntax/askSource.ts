/**
 * What may be asked about a name in the source as a whole: whether something goes through the list that it holds, whether
 * it is given as a model (`yes` or nothing), which callee made what it holds, and the names of the parameters of the function of that name, by commas.
 */
export type Question = 'gone through' | 'given as model' | 'maker' | 'parameters';

/** Answers from the text alone; empty where the source does not say. */
export type Ask = (question: Question, name: string) => string;

/** Answers each question about a source once. */
export function createAsk(source: string): Ask {
  const answers = new Map<string, string>();
  return (question, name) => {
    const key = `${question} ${name}`;
    const known = answers.get(key) ?? (/^[\w$]+$/.test(name) ? answer[question](source, name) : '');
    answers.set(key, known);
    return known;
  };
}

const isWordAt = (source: string, at: number): boolean => /[\w$]/.test(source.charAt(at));

/** Where a name stands as a whole word. Strings are found many times faster than patterns. */
function* placesOf(source: string, name: string): Generator<number> {
  for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + name.length))
    if (!isWordAt(source, at - 1) && !isWordAt(source, at + name.length)) yield at;
}

/** So much source before a name is looked at, where a pattern sets no end. */
const lookBehind = 2_000;

const commentLine = /^[ \t]*(?:\*|\/\/|#|\/\*)/;
const runsOver =
  /(?:\bfor\b[^\n]*\b(?:in|of)\s+|\b(?:enumerate|zip|cycle|product|choice|choices|sample|shuffle|map)\([^()\n]*)$/;
/** What is mapped to markup is a menu. */
const goneThroughAfter =
  /^\s*(?:\.(?:forEach|flatMap|entries|shift|pop)\b|\.map\((?!.{0,60}(?:=>\s*\(?\s*<|[oO]ption|[cC]hoice|label|value))|\[[a-z_]\w*\])/s;

function isGoneThrough(source: string, name: string): string {
  for (const index of placesOf(source, name)) {
    const before = source.slice(source.lastIndexOf('\n', index) + 1, index);
    if (commentLine.test(before)) continue;
    const after = source.slice(index + name.length, index + name.length + 80);
    if (runsOver.test(before) || goneThroughAfter.test(after)) return 'yes';
  }
  return '';
}

const modelBefore = /(?:model|llm|engine|deployment)\w*["']?\s*(?:[:=]\s*|\(\s*)$/i;

/** `model=NAME`, `model: NAME`, `load_model(NAME`; in capitals or not. */
function isGivenAsModel(source: string, name: string): string {
  for (const { index } of source.matchAll(new RegExp(`${name.replaceAll('$', '\\$')}(?![\\w$])`, 'gi')))
    if (modelBefore.test(source.slice(Math.max(0, index - 200), index))) return 'yes';
  return '';
}

const assignedAfter = /\s*(?::[^=\n]{0,60})?=\s*(?:await\s+|new\s+)*([\w$.]+)\s*[(<[]/y;
const openedBefore = /\bwith\s+([\w.]+)\([^\n]*\)\s+as\s+$/;

/** `Agent` of `clerk: Clerk = new Agent<T>(…)`, or of `with Agent(…) as clerk`. */
function makerOf(source: string, name: string): string {
  let opened = '';
  for (const at of placesOf(source, name)) {
    const search = new RegExp(assignedAfter);
    search.lastIndex = at + name.length;
    const made = search.exec(source)?.[1];
    if (made !== undefined) return made;
    if (opened === '' && /\sas\s+$/.test(source.slice(Math.max(0, at - 20), at)))
      opened = openedBefore.exec(source.slice(Math.max(0, at - lookBehind), at))?.[1] ?? '';
  }
  return opened;
}

const definedBefore = /\b(?:def|function)\s{1,20}$/;
const declaredBefore = /\b(?:const|let|var)\s{1,20}$/;
const listOfDefined = /^\s*(?:<[^>\n]*>)?\s*\(([^()]{0,1500})\)/;
const listOfDeclared = /^\s*=\s*(?:async\s*)?\(([^()]{0,1500})\)/;

/** The source between the parentheses of the first function of that name. */
function parameterList(source: string, name: string): string | undefined {
  for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + name.length)) {
    const before = source.slice(Math.max(0, at - 30), at);
    const list = definedBefore.test(before) ? listOfDefined : declaredBefore.test(before) ? listOfDeclared : undefined;
    const found = list?.exec(source.slice(at + name.length, at + name.length + 1_900))?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `document,question` of `def ask(document: str, question: str = "")` and of `const ask = async (document, question) =>`. */
function parametersOf(source: string, name: string): string {
  const parameters = parameterList(source, name) ?? '';
  const names = parameters.split(',').map((parameter) => /[\w$]+/.exec(parameter)?.[0] ?? '');
  return names.filter((one) => one !== 'self' && one !== 'cls').join(',');
}

const answer: Readonly<Record<Question, (source: string, name: string) => string>> = {
  'gone through': isGoneThrough,
  'given as model': isGivenAsModel,
  maker: makerOf,
  parameters: parametersOf,
};

/**
 * Whether a stretch of source says anything about the name: what says nothing has no part in the answer of the whole.
 * It says nothing of what only begins or ends in it.
 */
export function saysOf(stretch: string, question: Question, name: string): boolean {
  if (!stretch.includes(name) && question !== 'given as model') return false;
  return question === 'parameters'
    ? parameterList(stretch, name) !== undefined
    : /^[\w$]+$/.test(name) && answer[question](stretch, name) !== '';
}
