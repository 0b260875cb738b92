/**
 * How long a provider asks to be left alone, in milliseconds: `retry-after-ms` (both vendors' SDKs read it), else
 * `retry-after` in seconds, fractions too, or as an HTTP date (RFC 9110 10.2.3). Undefined where it does not say, or
 * says nonsense; a date that has passed is 0.
 * @param header a header's value by its lower-case name
 * @param nowMs milliseconds since the epoch
 */
export function retryAfterMs(header: (name: string) => string | undefined, nowMs: number): number | undefined {
  const ms = positive(header('retry-after-ms'));
  if (ms !== undefined) return ms;
  const text = header('retry-after');
  const seconds = positive(text);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse takes any number for a year; a date has letters.
  const date = text !== undefined && /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
