/**
 * How many rounds a test of faults, kills or random inputs runs: `rounds` in `npm test`, a hundred times as many in
 * `npm run soak`.
 */
export function soakRounds(rounds: number): number {
  return rounds * Number(process.env.TOLLGATE_SOAK ?? 1);
}
