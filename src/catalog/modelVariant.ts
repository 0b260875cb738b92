/** What may follow the name of a model without making it another one: dates, versions, release stages. */
const date = String.raw`\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}`;
const version = String.raw`v\d+(?:\.\d+)?(?::\d+)?(?::\d+k)?|\d{3,6}`;
const stage = 'latest|preview|exp|experimental|beta|nightly|stable|instruct|chat|it|maas|customtools';
const variant = new RegExp(`^(?:[-@_]?(?:${date}|${version}|${stage}))*$`);
const fineTuned = /^[\d-]*(?::[\w:.-]*)?$/;
const snapshot = /[-@](?:\d{8}|\d{4}-\d{2}-\d{2})$/;
const wholeDate = /^(?:\d{8}|\d{4}-\d{2}-\d{2})$/;

/**
 * Whether `id` is `stem` with nothing but variant suffixes: `claude-haiku-4-5` + `-20251001`, never `gemini-3.5-flash` +
 * `-lite`. A stem that ends inside a part (`gemini-2.0-flash-0`) is completed by the rest of that part.
 */
export function isVariantOf(id: string, stem: string): boolean {
  if (!id.startsWith(stem)) return false;
  const rest = id.slice(stem.length);
  if (stem.startsWith('ft:')) return fineTuned.test(rest);
  if (variant.test(rest)) return true;
  const lastPart = Math.max(stem.lastIndexOf('-'), stem.lastIndexOf('@'));
  return lastPart > 0 && variant.test(id.slice(lastPart)) && !variant.test(stem.slice(lastPart));
}

/** Whether `id` is `stem` followed by a whole date. */
export function isDated(id: string, stem: string): boolean {
  return id.startsWith(stem) && wholeDate.test(id.slice(stem.length));
}

/** `gpt-4o-2031-01-01` → `gpt-4o`; undefined where `id` does not end in a whole date. */
export function withoutDate(id: string): string | undefined {
  const found = snapshot.exec(id);
  return found === null || found.index === 0 ? undefined : id.slice(0, found.index);
}
