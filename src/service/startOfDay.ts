/**
 * Midnight of this machine's day, in milliseconds since 1970. Days are not always 24 hours long.
 * @param later how many days after
 */
export function startOfDay(nowMs: number, later = 0): number {
  const day = new Date(nowMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + later).getTime();
}
