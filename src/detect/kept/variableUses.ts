import type { Evidence } from '../evidence.ts';
import type { Span } from '../finding.ts';
import { requestSpan } from '../rules/candidate.ts';
import { type PendingText, targetOf, type UsePlace, type VariableUse } from '../rules/flows.ts';
import { judgeUse } from '../rules/judgePrompt.ts';
import type { ParsedSource } from '../syntax/parsedSource.ts';
import { type Answers, noting } from './askedSource.ts';
import { type Mark, Marks } from './marks.ts';
import { type Edit, mergedSpans, movedSpan, wholeLines } from './textEdit.ts';

interface UseMark extends Mark {
  readonly name: string;
  /** By the text of the literal; undefined until the place was looked at. */
  uses: Map<string, VariableUse | undefined> | undefined;
  /** The variable that what stands here is added to. */
  into: string;
  answers: Answers;
  /** Where the mark stood when its uses were judged. */
  base: number;
}

const lastName = /[\w$]+$/;
/** Names that are no longer asked for are kept while they are few: they come and go while one is typed. */
const mostSpareNames = 100;

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
    isStale: (answers: Answers) => boolean,
  ): ReadonlyMap<string, readonly UsePlace[]> {
    const textsOf = byName(texts, ({ target }) => target);
    this.#dropped.push(...this.#marks.dropWhere(({ answers }) => isStale(answers)), ...this.#marks.drop(changed));
    this.#search(new Set(textsOf.keys()), changed, parsed.source);
    const marks = this.#marks.sorted().filter(({ name }) => textsOf.has(name));
    this.#judge(marks, textsOf, parsed, evidence);
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
            uses: undefined,
            into: '',
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
    const open = new Map<number, UseMark>();
    for (const mark of marks)
      if (textsOf.get(mark.name)?.some(({ literal }) => !mark.uses?.has(literal.text))) open.set(mark.start, mark);
    parsed.visitNames(open.keys(), (span, context, at) => {
      const mark = open.get(at);
      if (!mark || lastName.exec(parsed.source.slice(span.start, span.end))?.[0] !== mark.name) return;
      const { ask, answers } = noting(parsed.ask);
      const { keysOf, grammar } = parsed;
      Object.assign(mark, { from: context.extent.start, to: context.extent.end, base: mark.start, uses: new Map() });
      Object.assign(mark, { into: targetOf(context), answers });
      for (const { literal } of textsOf.get(mark.name) ?? []) {
        const use = { ask, literal, context, evidence, table: grammar.table, keysOf };
        const verdict = judgeUse(use);
        const call = verdict && requestSpan(use);
        mark.uses?.set(literal.text, verdict && { verdict, ...(call ? { call } : {}) });
      }
    });
    // What is no name (a comment, text) has no uses; it need not be looked at again.
    for (const mark of open.values())
      if (!mark.uses)
        mark.uses = new Map((textsOf.get(mark.name) ?? []).map(({ literal }) => [literal.text, undefined]));
  }
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
    const use = mark.uses?.get(text);
    const delta = mark.start - mark.base;
    if (!use?.call || delta === 0) return use;
    return { ...use, call: { start: use.call.start + delta, end: use.call.end + delta } };
  };
}
