import type { ModelLookup } from './catalog.ts';

/** Letters and digits; Go's `GPT3Dot5` is spelt out because an identifier holds no point. */
const condensed = (text: string): string =>
  text
    .replace(/[^a-z\d]/gi, '')
    .toLowerCase()
    .replace(/(\d)dot(?=\d)/g, '$1');

/** `ChatModelGPT4oMini` → `Chat`, `Model`, `GPT4o`, `Mini`; `GPT_4O_MINI` → `GPT`, `4O`, `MINI`. */
function wordsOf(identifier: string): string[] {
  return (
    identifier
      .slice(identifier.search(/[^.:>]*$/))
      .match(/[A-Z]+(?![a-z])[\d.]*[a-z]*|[A-Z]?[a-z]+\d*|\d+[A-Za-z]*/g) ?? []
  );
}

/** What a name says beside the model: `GPT4oLatest`, `Claude_Sonnet_4_20250514`. */
const suffixes = [/20\d{6}$/, /latest$/];

/**
 * Finds the model that an identifier is named after, as SDKs name their constants: `openai.GPT4oMini`,
 * `ChatModel.CLAUDE_3_5_SONNET_20241022`, `shared.ChatModelGPT4o`. Words before the model's name are passed over; what
 * follows it must belong to it.
 * @param names of all models, in full; of two that differ in punctuation only the first counts
 */
export function createIdentifierLookup(
  names: () => Iterable<string>,
  lookup: (id: string) => ModelLookup,
): (identifier: string) => ModelLookup {
  let ids: Map<string, string> | undefined;
  const idsByName = (): Map<string, string> => {
    ids ??= new Map([...names()].map((id): [string, string] => [condensed(id), id]).toReversed());
    return ids;
  };
  const idOf = (name: string): string | undefined => {
    const id = idsByName().get(name);
    if (id !== undefined) return id;
    const suffix = suffixes.find((each) => each.test(name));
    return suffix && idsByName().get(name.replace(suffix, ''));
  };
  return (identifier) => {
    const words = wordsOf(identifier);
    for (let start = 0; start < words.length; start++) {
      const rest = words.slice(start);
      const name = condensed(rest.join(''));
      if (!/\d|embed|mi[sx]tral/.test(name)) continue;
      const id = idOf(name);
      if (id !== undefined) return lookup(id);
      // A snapshot that is listed by a rule only.
      const spelt = lookup(rest.join('-').toLowerCase());
      if (name.length > 5 && spelt.kind === 'known') return spelt;
    }
    return { kind: 'unknown', id: identifier };
  };
}
