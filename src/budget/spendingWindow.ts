import type { SpendingLimit } from '../config/config.ts';

export interface WindowSpan {
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  /** When the count begins anew; absent for a session, which ends when it ends. */
  readonly resetAtMs?: number;
}

const dayMs = 86_400_000;

/** The window that `nowMs` falls in. Days, ISO weeks (from Monday) and months are UTC's, as providers bill. */
export function windowAt(window: SpendingLimit['window'], nowMs: number): WindowSpan {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const today = Date.UTC(year, month, now.getUTCDate());
  switch (window) {
    case 'session':
      return { fromMs: 0 };
    case 'day':
      return { fromMs: today, resetAtMs: today + dayMs };
    case 'week': {
      const monday = today - ((now.getUTCDay() + 6) % 7) * dayMs;
      return { fromMs: monday, resetAtMs: monday + 7 * dayMs };
    }
    case 'month':
      return { fromMs: Date.UTC(year, month, 1), resetAtMs: Date.UTC(year, month + 1, 1) };
  }
}
