/** Days as `2026-11-24`; they sort as text. */

export const dayMs = 86_400_000;

export function dayOfSeconds(seconds: number): string {
  return dayOfMs(seconds * 1000);
}

/** The UTC day of a time. */
export function dayOfMs(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Midnight UTC at the start of a day. */
export function startOfUtcDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** A day's name in a time zone; made once, as formatters are slow to make. */
export function createDayNames(timeZone: string): (ms: number) => string {
  if (timeZone === 'UTC') return dayOfMs;
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (ms) => format.format(ms);
}

/** Every day from `fromDay` to `toDay`, both included. */
export function daysBetween(fromDay: string, toDay: string): string[] {
  const days: string[] = [];
  for (let ms = startOfUtcDay(fromDay); ms <= startOfUtcDay(toDay); ms += dayMs) days.push(dayOfMs(ms));
  return days;
}

/** Whether the text is a day that exists. */
export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(startOfUtcDay(text)) && dayOfMs(startOfUtcDay(text)) === text
  );
}
