const small = new Set(
  (
    'a an the the~ to of in on at for from by with as and or is are was were be been being am do does did done have has had can could ' +
    'will would should shall may might must it its that this these those there i you we they he she my our their me us them one ' +
    'some any so very just really actually please still also then if when which who what how where why about into | ,'
  ).split(' '),
);

/**
 * Questions that are the same but for one word of content, exchanged ("what does grep do", "what does sed do") or added
 * ("list containers", "list running containers"). Sentence encoders put them nearer than most rewordings, and no list of
 * opposites or names is ever complete. What says the same has one canonical word, and is no difference here.
 */
export function differInOneWord(a: readonly string[], b: readonly string[]): boolean {
  const [onlyA, onlyB] = [beyond(a, b), beyond(b, a)];
  return onlyA.length + onlyB.length > 0 && onlyA.length <= 1 && onlyB.length <= 1;
}

/** The same words of content in another order: "a list of sets" is no set of lists. */
export function differInOrder(a: readonly string[], b: readonly string[]): boolean {
  const [first, second] = [contentOf(a), contentOf(b)];
  return first.join(' ') !== second.join(' ') && first.toSorted().join(' ') === second.toSorted().join(' ');
}

/** The same words of content, in whatever order. */
export function haveSameContent(a: readonly string[], b: readonly string[]): boolean {
  return contentOf(a).toSorted().join(' ') === contentOf(b).toSorted().join(' ');
}

/** "A list of tuples" and "a tuple of lists", whatever their canonical words made of them. Of the stems. */
export function areTurnedRound(a: readonly string[], b: readonly string[]): boolean {
  const other = new Set(ownersIn(b).map(([owned, owner]) => `${owned} ${owner}`));
  return ownersIn(a).some(([owned, owner]) => owned !== owner && other.has(`${owner} ${owned}`));
}

function ownersIn(stems: readonly string[]): (readonly [owned: string, owner: string])[] {
  const words = stems.filter((word) => !/^(?:an?|the|my|our|your|its)$/.test(word));
  return words.flatMap((word, index) =>
    word === 'of' ? [[words[index - 1] ?? '', words[index + 1] ?? ''] as const] : [],
  );
}

/** Words of content that the other does not have, or has fewer times. */
function beyond(words: readonly string[], others: readonly string[]): string[] {
  const left = contentOf(others);
  return contentOf(words).filter((word) => {
    const index = left.indexOf(word);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function contentOf(words: readonly string[]): string[] {
  return words.map((word) => word.replace(/^[~^="](?=.)/, '')).filter((word) => !small.has(word));
}
