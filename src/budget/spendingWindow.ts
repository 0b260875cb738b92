import type { SpendingLimit } from '../config/config.ts';

export interface WindowSpan {
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  /** When the count begins anew; absent for a session, which ends when it ends. */
  readonly resetAtMs?: number;
}

const dayMs = 86_400_000;

/** The window that `nowMs` falls in. Days, ISO weeks (from Monday) and months are those of the time zone; UTC's, as providers bill. */
export function windowAt(window: SpendingLimit['window'], nowMs: number, timeZone = 'UTC'): WindowSpan {
  if (window === 'session') return { fromMs: 0 };
  const offsetMs = offsetsOf(timeZone);
  const now = new Date(nowMs + offsetMs(nowMs));
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const today = Date.UTC(year, month, now.getUTCDate());
  const span = (from: number, until: number): WindowSpan => ({
    fromMs: startOfDay(from, offsetMs),
    resetAtMs: startOfDay(until, offsetMs),
  });
  switch (window) {
    case 'day':
      return span(today, today + dayMs);
    case 'week': {
      const monday = today - ((now.getUTCDay() + 6) % 7) * dayMs;
      return span(monday, monday + 7 * dayMs);
    }
    case 'month':
      return span(Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1));
  }
}

/** `2026-06-01 00:00 Europe/Berlin` */
export function localTime(atMs: number, timeZone: string): string {
  const text = new Date(atMs + offsetsOf(timeZone)(atMs)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} ${timeZone}`;
}

/** Milliseconds that a zone's clocks are ahead of UTC at a time. */
type Offsets = (atMs: number) => number;

function offsetsOf(timeZone: string): Offsets {
  if (timeZone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - Math.floor(atMs / 1000) * 1000;
  };
}

/**
 * When a day begins. Clocks may be set back over midnight: the first of two counts. They may be set forward over it: then
 * the day begins with the change.
 * @param day midnight of its name in UTC
 */
function startOfDay(day: number, offsetMs: Offsets): number {
  const before = day - offsetMs(day - dayMs);
  const after = day - offsetMs(day + dayMs);
  const midnights = [before, after].filter((atMs) => atMs + offsetMs(atMs) === day);
  return midnights.length === 0 ? before : Math.min(...midnights);
}
