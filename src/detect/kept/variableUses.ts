import type { Evidence } from '../evidence.ts';
import type { Span } from '../finding.ts';
import { requestSpan } from '../rules/candidate.ts';
import { type Holder, holderOf, mostLinks, type PendingText, type UsePlace, type VariableUse } from '../rules/flows.ts';
import { judgeUse } from '../rules/judgePrompt.ts';
import { countWords } from '../rules/wording.ts';
import type { ParsedSource } from '../syntax/parsedSource.ts';
import type { Context } from '../syntax/step.ts';
import { type Answers, type IsStale, noting } from './askedSource.ts';
import { type Mark, Marks } from './marks.ts';
import { movedContext } from './movedFinding.ts';
import { type Edit, mergedSpans, movedSpan, wholeLines } from './textEdit.ts';

interface UseMark extends Mark {
  readonly name: string;
  /** Whether the tree was asked what stands here. */
  isRead: boolean;
  /** Where the value of the name goes; undefined where no name stands here, but a comment or text. */
  context: Context | undefined;
  /** By the text of the literal. */
  uses: Map<string, VariableUse | undefined>;
  /** What what stands here goes into. */
  into: Holder | undefined;
  answers: Answers;
  /** Where the mark stood when its context was read and its uses were judged. */
  base: number;
}

const lastName = /[\w$]+$/;
/** Names that are no longer asked for are kept while they are few: they come and go while one is typed. */
const mostSpareNames = 100;

/** A name that stands in more places is one that a program wrote: what becomes of it is seen in the first. */
const mostPlaces = 300;

/** Where the variables that hold texts are named, and what becomes of the texts there. */
export class VariableUses {
  readonly #marks = new Marks<UseMark>();
  #names: ReadonlySet<string> = new Set();
  #dropped: Span[] = [];

  edit(edit: Edit): void {
    this.#dropped = [...this.#dropped.map((span) => movedSpan(span, edit)), ...this.#marks.edit(edit)];
  }

  /**
   * Looks at what is new: names, texts, and places in the changed spans.
   * @returns for each name the offsets at which it stands, ascending, with what becomes of a text there
   */
  update(
    texts: readonly PendingText[],
    changed: readonly Span[],
    parsed: ParsedSource,
    evidence: Evidence,
    isStale: IsStale,
  ): ReadonlyMap<string, readonly UsePlace[]> {
    const textsOf = byName(texts, ({ holder }) => holder.name);
    if (isStale) this.#dropped.push(...this.#marks.dropWhere(({ answers }) => isStale(answers)));
    this.#dropped.push(...this.#marks.drop(changed));
    let marks: UseMark[] = [];
    for (let link = 0; link <= mostLinks; link++) {
      this.#search(new Set(textsOf.keys()), link === 0 ? changed : [], parsed.source);
      marks = firstOfEach(this.#marks.sorted().filter(({ name }) => textsOf.has(name)));
      this.#judge(marks, textsOf, parsed, evidence);
      if (!addLinks(marks, textsOf)) break;
    }
    const places = marks.map((mark) => ({ name: mark.name, at: mark.start, use: useOf(mark), into: mark.into }));
    return byName(places, ({ name }) => name);
  }

  #search(names: ReadonlySet<string>, changed: readonly Span[], source: string): void {
    const dropped = this.#dropped;
    this.#dropped = [];
    if (this.#names.size > names.size + mostSpareNames) {
      this.#marks.clear();
      this.#names = new Set();
    }
    const spans = [...changed, ...dropped].map((span) => wholeLines(source, span));
    this.#add(source, this.#names, mergedSpans(spans));
    const fresh = new Set([...names].filter((name) => !this.#names.has(name)));
    this.#add(source, fresh, [{ start: 0, end: source.length }]);
    this.#names = new Set([...this.#names, ...fresh]);
  }

  #add(source: string, names: ReadonlySet<string>, spans: readonly Span[]): void {
    if (names.size === 0) return;
    const anyName = [...names].map((name) => name.replaceAll('$', '\\$')).join('|');
    const search = new RegExp(`(?<![\\w$])(?:${anyName})(?![\\w$])`, 'g');
    for (const { start, end } of spans) {
      search.lastIndex = start;
      const searched = source.slice(0, end + 1);
      for (let match = search.exec(searched); match && match.index < end; match = search.exec(searched)) {
        const [name] = match;
        const at = { start: match.index, end: match.index + name.length };
        if (!this.#marks.has(at.start))
          this.#marks.add({
            ...at,
            from: at.start,
            to: at.end,
            name,
            isRead: false,
            context: undefined,
            uses: new Map(),
            into: undefined,
            answers: [],
            base: at.start,
          });
      }
    }
  }

  #judge(
    marks: readonly UseMark[],
    textsOf: ReadonlyMap<string, readonly PendingText[]>,
    parsed: ParsedSource,
    evidence: Evidence,
  ): void {
    const open = marks.filter(({ name, uses }) => textsOf.get(name)?.some(({ literal }) => !uses.has(literal.text)));
    if (open.length === 0) return;
    readPlaces(
      open.filter(({ isRead }) => !isRead),
      parsed,
    );
    const words = new Map<string, number>();
    const wordsOf = (text: string): number => {
      const known = words.get(text) ?? countWords(text);
      words.set(text, known);
      return known;
    };
    const { keysOf, grammar } = parsed;
    for (const mark of open) {
      const context = mark.context && movedContext(mark.context, mark.start - mark.base);
      const { ask, answers } = noting(parsed.ask);
      mark.uses = new Map();
      for (const { literal } of textsOf.get(mark.name) ?? []) {
        const use = context && { ask, literal, context, evidence, table: grammar.table, keysOf };
        const verdict = use && judgeUse(use, wordsOf(literal.text));
        const call = verdict && requestSpan(use);
        mark.uses.set(literal.text, verdict && { verdict, ...(call ? { call } : {}) });
      }
      Object.assign(mark, { context, answers, base: mark.start });
    }
  }
}

/** The texts of a name are those of what it goes into, too. False where nothing was added. */
function addLinks(marks: readonly UseMark[], textsOf: Map<string, PendingText[]>): boolean {
  const added = new Map<string, Set<PendingText>>();
  for (const { name, into } of marks) {
    if (!into || into.name === name) continue;
    const known = textsOf.get(into.name);
    const fresh = (textsOf.get(name) ?? []).filter((text) => !known?.includes(text));
    if (fresh.length > 0) added.set(into.name, new Set([...(added.get(into.name) ?? []), ...fresh]));
  }
  for (const [name, texts] of added) textsOf.set(name, [...(textsOf.get(name) ?? []), ...texts]);
  return added.size > 0;
}

function firstOfEach(marks: readonly UseMark[]): UseMark[] {
  const counts = new Map<string, number>();
  return marks.filter(({ name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= mostPlaces;
  });
}

/** Reads from the tree what stands at the marks. What is no name need not be looked at again. */
function readPlaces(marks: readonly UseMark[], parsed: ParsedSource): void {
  const byStart = new Map(marks.map((mark) => [mark.start, mark]));
  for (const mark of marks) mark.isRead = true;
  parsed.visitNames(byStart.keys(), (span, context, at) => {
    const mark = byStart.get(at);
    if (!mark || lastName.exec(parsed.source.slice(span.start, span.end))?.[0] !== mark.name) return;
    const { start, end } = context.extent;
    Object.assign(mark, { from: start, to: end, base: mark.start, context, into: holderOf(context) });
  });
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}

function useOf(mark: UseMark): UsePlace['use'] {
  return (text) => {
    const use = mark.uses.get(text);
    const delta = mark.start - mark.base;
    if (!use?.call || delta === 0) return use;
    return { ...use, call: { start: use.call.start + delta, end: use.call.end + delta } };
  };
}
