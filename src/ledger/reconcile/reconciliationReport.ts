import type { Reconciliation } from './reconcile.ts';

/** `T` as it crosses a JSON border: amounts in picodollars as decimal text. */
type MoneyAsText<T> = T extends bigint
  ? string
  : T extends readonly (infer Element)[]
    ? readonly MoneyAsText<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: MoneyAsText<T[Key]> }
      : T;

/** A reconciliation for surfaces and for keeping. */
export type ReconciliationReport = MoneyAsText<Reconciliation> & { readonly madeAtMs: number };

export function reconciliationReport(reconciliation: Reconciliation, madeAtMs: number): ReconciliationReport {
  const text = JSON.stringify({ ...reconciliation, madeAtMs }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  const report: ReconciliationReport = JSON.parse(text);
  return report;
}
