/**
 * How long a provider asks to be left alone, in milliseconds: `retry-after-ms` (both vendors' SDKs read it), else
 * `retry-after` in seconds, fractions too, or as an HTTP date (RFC 9110 10.2.3). Undefined where it does not say, or
 * says nonsense; a date that has passed is 0. Without either, the limit of which nothing is left says when it is full
 * again (`x-ratelimit-reset-requests: 6m0s`, platform.openai.com/docs/guides/rate-limits, 2026).
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
  return Number.isNaN(date) ? resetMs(header) : Math.max(0, date - nowMs);
}

const limited = ['requests', 'tokens'] as const;

function resetMs(header: (name: string) => string | undefined): number | undefined {
  const used = limited.filter((what) => header(`x-ratelimit-remaining-${what}`)?.trim() === '0');
  const waits = used.flatMap((what) => durationMs(header(`x-ratelimit-reset-${what}`)) ?? []);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1h2m3.5s`, `20ms`; a bare number is seconds. */
function durationMs(text: string | undefined): number | undefined {
  const seconds = positive(text);
  if (seconds !== undefined) return seconds * 1000;
  if (text === undefined || !/^\s*(?:\d+(?:\.\d+)?(?:ms|[smhd]))+\s*$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g);
  return [...parts].reduce((sum, [, figure, unit = 's']) => sum + Number(figure) * (unitMs[unit] ?? 0), 0);
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
