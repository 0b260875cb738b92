import { pricesAge } from '../../catalog/pricesAge.ts';
import type { Translate } from '../translate.ts';

/** What a surface says of the age of its prices. */
export interface AgeText {
  readonly state: 'fresh' | 'stale' | 'veryStale';
  /** `Prices of 22 Sep 2026 (62 days old).` and, once they are stale, what to do. Plain text. */
  readonly text: string;
}

/**
 * @param asOf ISO date of the prices
 * @param changesOn ISO dates of announced changes of the price at hand
 */
export function ageText(asOf: string, nowMs: number, t: Translate, changesOn: readonly string[] = []): AgeText {
  const { state, days, changedOn } = pricesAge(asOf, nowMs, changesOn);
  const dated = t('Prices of {0} ({1}).', dateText(asOf), daysText(days, t));
  if (changedOn !== undefined)
    return { state, text: `${dated} ${t('A change was announced for {0}: update them.', dateText(changedOn))}` };
  if (state === 'fresh') return { state, text: dated };
  return { state, text: `${dated} ${t('They may have changed: update them.')}` };
}

function daysText(days: number, t: Translate): string {
  if (days === 0) return t('today');
  return days === 1 ? t('1 day old') : t('{0} days old', days);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-09-22` → `22 Sep 2026`. Not by the locale: its short months differ from one ICU to the next. */
export function dateText(iso: string): string {
  const [year, month, day] = iso.split('-').map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}`;
}
