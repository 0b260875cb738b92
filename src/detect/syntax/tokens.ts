// Source between brackets that no tree takes apart, read as text: items separated by commas.

const mostCharacters = 4_000;
const opening = '([{';
const closing = ')]}';

/** Where each item at the top level of `text` begins and ends. */
function* items(text: string): Generator<readonly [start: number, end: number]> {
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '"') index = endOfString(text, index);
    else if (opening.includes(char)) depth++;
    else if (closing.includes(char)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && (char === ',' || char === ';')) {
      yield [from, index];
      from = index + 1;
    }
  }
  yield [from, text.length];
}

function endOfString(text: string, from: number): number {
  for (let index = from + 1; index < text.length; index++) {
    if (text.charAt(index) === '\\') index++;
    else if (text.charAt(index) === '"') return index;
  }
  return text.length;
}

/** Index of the item that `text`, the source before it, ends in. */
export const itemIndex = (text: string): number => [...items(text)].length - 1;

/** The item that `text`, the source from an opening bracket on, ends in. */
export function lastItem(text: string): string {
  const near = text.length > mostCharacters ? text.slice(-mostCharacters) : text;
  let last = near;
  for (const [start, end] of items(near)) last = near.slice(start, end);
  return last;
}

/** Items of the source between two brackets that are written `name: value` or `name = value`, as name and value. */
export function namedItems(text: string): [name: string, value: string][] {
  const near = text.slice(0, mostCharacters);
  return [...items(near)].flatMap(([start, end]): [string, string][] => {
    const named = /^\s*("?)([\w$]+)\1\s*(?::(?!:)|=(?![=>]))\s*/.exec(near.slice(start, end));
    return named ? [[named[2] ?? '', near.slice(start + named[0].length, end)]] : [];
  });
}

/** Calls of a chain, `a.model("…").temperature(0)`, as method and source of its arguments. */
export function chainedCalls(text: string): [name: string, value: string][] {
  const near = text.slice(0, mostCharacters);
  const calls: [string, string][] = [];
  let depth = 0;
  for (let index = 0; index < near.length; index++) {
    const char = near.charAt(index);
    if (char === '"') index = endOfString(near, index);
    else if (closing.includes(char)) depth--;
    else if (opening.includes(char)) {
      const name = depth === 0 ? /(\w+)\s*$/.exec(near.slice(Math.max(0, index - 60), index))?.[1] : undefined;
      if (name !== undefined) calls.push([name, near.slice(index + 1, index + 81)]);
      depth++;
    }
  }
  return calls;
}
