import { formatUsd } from '../catalog/formatUsd.ts';
import type { PanelStringKey, PanelStrings } from './panelStrings.ts';

/** How the panel writes texts, numbers, times and money. */
export interface Words {
  say(key: PanelStringKey, ...values: readonly (string | number)[]): string;
  count(value: number): string;
  /** Short for headlines: `1.2M`. */
  shortCount(value: number): string;
  percent(part: number, whole: number): string;
  time(ms: number): string;
  /** Short, for an axis: `14:00`. */
  hour(ms: number): string;
  /** `Sep 22`, of UTC. */
  utcDay(ms: number): string;
  milliseconds(value: number): string;
  money(picoUsd: bigint | number | string): string;
}

/** @param locale BCP 47 tag of the editor's display language */
export function createWords(strings: PanelStrings, locale: string, timeZone?: string): Words {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const fraction = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    say: (key, ...values) =>
      strings[key].replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole)),
    count: (value) => whole.format(value),
    shortCount: (value) => (value < 10_000 ? whole.format(value) : short.format(value)),
    percent: (part, all) => share.format(all === 0 ? 0 : part / all),
    time: (ms) => clock.format(ms),
    hour: (ms) => hour.format(ms),
    utcDay: (ms) => day.format(ms),
    milliseconds: (value) => (value < 10 ? fraction.format(value) : whole.format(value)),
    money: formatUsd,
  };
}
