import type { Store } from '../../store/store.ts';
import type { ReconciliationReport } from './reconciliationReport.ts';

/** The last reconciliation of each provider. */
export interface KeptReconciliations {
  keep(report: ReconciliationReport): void;
  /** Newest first. */
  all(): readonly ReconciliationReport[];
}

const upsert = `INSERT INTO ledger_reconciliation (provider, made_at_ms, report) VALUES (?, ?, ?)
  ON CONFLICT (provider) DO UPDATE SET made_at_ms = excluded.made_at_ms, report = excluded.report`;

/** Over the store's `ledgerSchema` tables. Throws what `node:sqlite` throws. */
export function createKeptReconciliations({ database }: Pick<Store, 'database'>): KeptReconciliations {
  return {
    keep: (report) => {
      database.prepare(upsert).run(report.provider, report.madeAtMs, JSON.stringify(report));
    },
    all: () =>
      database
        .prepare('SELECT report FROM ledger_reconciliation ORDER BY made_at_ms DESC')
        .all()
        .map(({ report }): ReconciliationReport => JSON.parse(String(report))),
  };
}
