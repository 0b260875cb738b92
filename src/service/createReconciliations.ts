import type { Catalog } from '../catalog/catalog.ts';
import { providerOfUrl } from '../catalog/providerOfUrl.ts';
import type { Config, ProviderConfig } from '../config/config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { dayMs, dayOfMs, startOfUtcDay } from '../ledger/reconcile/days.ts';
import { ReportUnavailable } from '../ledger/reconcile/errors.ts';
import { fetchReport } from '../ledger/reconcile/fetchReport.ts';
import { createKeptReconciliations } from '../ledger/reconcile/keptReconciliations.ts';
import { readLedgerDays } from '../ledger/reconcile/ledgerDays.ts';
import { joinReports, type ProviderReport } from '../ledger/reconcile/providerReport.ts';
import { readReportCsv } from '../ledger/reconcile/readReportCsv.ts';
import { reconcile } from '../ledger/reconcile/reconcile.ts';
import { type ReconciliationReport, reconciliationReport } from '../ledger/reconcile/reconciliationReport.ts';
import { isLoopback } from '../proxy/upstreamUrl.ts';
import type { Store } from '../store/store.ts';
import type { ReconcileInvoice } from './api.ts';
import { reconcileRefused } from './errors.ts';

export interface ReconciliationDeps {
  readonly store: Store;
  readonly ledger: Pick<Ledger, 'flush'>;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly configOf: (workspaceId: string) => Config;
  readonly fetch: typeof fetch;
  /** Rejects with an error of the disk's. */
  readonly readFile: (path: string) => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Reconciliations {
  /** Rejects with `ControlRefused`. */
  reconcile(request: ReconcileInvoice): Promise<ReconciliationReport>;
  /** The last of each provider, newest first. */
  kept(): readonly ReconciliationReport[];
}

/** Providers' reports still change for a day or two. */
const notFinalMs = 2 * dayMs;
/** Days of other time zones begin and end up to 14 hours from UTC's. */
const marginMs = dayMs;

/** Compares the ledger of all workspaces with a provider's own numbers: invoices do not know workspaces. */
export function createReconciliations(deps: ReconciliationDeps): Reconciliations {
  const kept = createKeptReconciliations(deps.store);
  return {
    kept: kept.all,
    reconcile: async (request) => {
      const { provider, fromDay, toDay, keyIds, workspaceId } = request;
      const config = deps.configOf(workspaceId);
      const report = await reportFor(request, config, deps);
      // The APIs' days are UTC; exported files have those of the account, which the user states.
      const timeZone = request.source.kind === 'api' ? 'UTC' : config.reconcile.timezone;
      deps.ledger.flush();
      const ledger = await readLedgerDays(deps.store, {
        provider,
        fromMs: startOfUtcDay(fromDay) - marginMs,
        toMs: startOfUtcDay(toDay) + dayMs + marginMs,
        timeZone,
      });
      const nowMs = deps.now();
      const made = reconciliationReport(
        reconcile({
          provider,
          report,
          ledger,
          catalog: deps.catalogOf(workspaceId),
          fromDay,
          toDay,
          notFinalFromDay: dayOfMs(nowMs - notFinalMs),
          keyIds,
          toleranceRatio: config.reconcile.toleranceRatio,
        }),
        nowMs,
      );
      kept.keep(made);
      return made;
    },
  };
}

async function reportFor(request: ReconcileInvoice, config: Config, deps: ReconciliationDeps): Promise<ProviderReport> {
  const { provider, source, fromDay, toDay } = request;
  try {
    if (source.kind === 'files') {
      const reports: ProviderReport[] = [];
      for (const path of source.paths) reports.push(readReportCsv(await readText(path, deps)));
      return joinReports(reports);
    }
    const configured = config.providers[provider];
    if (configured === undefined || !hasReports(configured))
      throw reconcileRefused(
        'noReports',
        `“${provider}” has no reports that an admin key opens: only OpenAI and Anthropic at their own addresses have. Import its exported CSV files instead.`,
      );
    const { dialect, baseUrl } = configured;
    return await fetchReport({ provider, dialect, baseUrl, adminKey: source.adminKey, fromDay, toDay }, deps.fetch);
  } catch (error) {
    if (error instanceof ReportUnavailable) throw reconcileRefused(error.reason, error.message);
    throw error;
  }
}

/** An admin key may do more than any other: a configuration must not lead it to a host of its own. */
function hasReports({ dialect, baseUrl }: ProviderConfig): boolean {
  return providerOfUrl(baseUrl) === dialect || isLoopback(baseUrl);
}

async function readText(path: string, deps: ReconciliationDeps): Promise<string> {
  try {
    return await deps.readFile(path);
  } catch (error) {
    throw reconcileRefused(
      'notReadable',
      `${path} could not be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}
