import type { ModelMention, Prompt, Span } from './finding.ts';

// Where no model stands in the call of a prompt, a name in it may: `clerk.run("…")` goes to the model of what `clerk` was
// made with. Read from the text alone, from a name to its assignment and from there to the next name.

/** `agent = Agent(model=llm)`, `llm = OpenAI(model=NAME)`, `NAME = "gpt-4o"` */
const mostLinks = 4;
const mostStatement = 2_000;
/** A prompt whose names lead nowhere is not worth more. */
const mostLookUps = 60;
const longestHeader = 200;
const headerBefore = /^[ \t]*(?:[\w<>[\]?.]{1,60}[ \t]+){0,3}(?:self\.|this\.|@|\$)?$/;
const assignedBehind = /^\s{0,3}(?::[^=\n]{0,60})?:?=(?![=>])/;

/** Not a property, and not the name that a value is given under. */
const identifier = /(?<![\w$."'`])[A-Za-z_$][\w$]*(?![\w$]|\s*[:=](?!=))/g;
/** What names a model, or something that was made with one, among the arguments of a call. */
const modelArgument =
  /(?<![\w$])\w*(?:model|llm|agent|client|engine|lm|chain)\w*["']?\s*(?::|=>?)\s*(?:self\.|this\.|\$)?([A-Za-z_$][\w$]*)/gi;
const positional = /(?:^|[(,])\s*([A-Za-z_$][\w$]*)\s*(?=,)/g;

/** Makes the question which model a prompt goes to by the names in its call; undefined where they do not say. */
export function createModelByName(
  source: string,
  mentions: readonly ModelMention[],
): (prompt: Prompt) => ModelMention | undefined {
  const assigned = new Map<string, readonly Span[]>();
  let lookUps = 0;

  function assignmentsOf(name: string): readonly Span[] {
    const known = assigned.get(name);
    if (known) return known;
    const found: Span[] = [];
    for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + name.length)) {
      const line = source.lastIndexOf('\n', at) + 1;
      const behind = at + name.length;
      const sign = assignedBehind.exec(source.slice(behind, behind + 80))?.[0];
      if (sign === undefined || at - line > longestHeader || !headerBefore.test(source.slice(line, at))) continue;
      const start = behind + sign.length;
      const end = endOfStatement(source, start);
      if (!isArgument(source, end)) found.push({ start, end });
    }
    assigned.set(name, found);
    return found;
  }

  /** The only model in a stretch of source, or what its names lead to. */
  function modelWithin({ start, end }: Span, links: number): ModelMention | undefined {
    const within = mentions.filter(({ span }) => span.start >= start && span.end <= end);
    const [first] = within;
    if (first) return within.every(({ text }) => text === first.text) ? first : undefined;
    if (links === 0) return undefined;
    for (const [name] of source.slice(start, end).matchAll(identifier)) {
      const model = modelOf(name, start, links - 1);
      if (model) return model;
    }
    return undefined;
  }

  /** @param before the assignment that counts is the last before it; without one, the first behind */
  function modelOf(name: string, before: number, links: number): ModelMention | undefined {
    if (name.length < 2 || ++lookUps > mostLookUps) return undefined;
    const all = assignmentsOf(name).filter(({ start, end }) => before < start || before > end);
    const span = all.findLast(({ start }) => start < before) ?? all[0];
    return span && modelWithin(span, links);
  }

  return ({ call, span }) => {
    if (!call) return undefined;
    lookUps = 0;
    const inside = source.slice(call.start, span.start) + source.slice(span.end, call.end);
    const names = [...inside.matchAll(modelArgument), ...inside.matchAll(positional)].map(([, name]) => name ?? '');
    for (const name of [...names, ...receiversOf(source, call)]) {
      const model = modelOf(name, call.start, mostLinks);
      if (model) return model;
    }
    return undefined;
  };
}

/** `clerk` of `self.clerk.run("…")`, whether the span begins with it or with the parenthesis. */
function receiversOf(source: string, { start }: Span): readonly string[] {
  const at = source.charAt(start) === '(' ? start : start + source.slice(start).search(/[^\w$.]|$/);
  const path = /[\w$.]+$/.exec(source.slice(Math.max(0, at - 120), at))?.[0].split('.') ?? [];
  return path.slice(0, -1).filter((name) => name !== 'self' && name !== 'this' && name !== '');
}

/** `model="gpt-4o",` on a line of its own, in a call. */
const isArgument = (source: string, end: number): boolean =>
  source.charAt(end - 1) === ',' || /^\s*[)\]]/.test(source.slice(end, end + 80));

/** A statement ends with its line, where no bracket is open and the next line does not go on. */
function endOfStatement(source: string, start: number): number {
  let depth = 0;
  const last = Math.min(source.length, start + mostStatement);
  for (let at = start; at < last; at++) {
    const character = source.charAt(at);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth < 0) return at;
    else if (character === ';' && depth === 0) return at;
    else if (character === '\n' && depth === 0 && at > start + 1 && !/^\s*[.|&]/.test(source.slice(at, at + 80)))
      return at;
  }
  return last;
}
