import type { Catalog } from '../../catalog/catalog.ts';
import { allPrices } from '../../catalog/priceAt.ts';
import type { PanelMetering, PanelReady, PanelState } from '../../panel/messages.ts';
import type { PanelPrices, PanelSpend } from '../../panel/spend.ts';
import type { PeriodOverview } from '../../service/api.ts';
import { maskedEnvironmentLines } from '../environment/environmentLines.ts';
import { hostOf } from '../environment/environmentSources.ts';
import type { MeteringState } from '../environment/metering.ts';
import type { ServiceView } from '../service/serviceView.ts';

/** What the panel shows, from what this window knows. `last` is the last page with figures. */
export function panelStateOf(
  view: ServiceView,
  metering: MeteringState,
  catalog: Catalog,
  last: PanelReady | undefined,
  /** What is to be said of the age of the prices, once they are stale. */
  stalePrices?: string,
  overview?: PeriodOverview,
): PanelState {
  const { state, today } = view;
  switch (state.kind) {
    case 'off':
      return { kind: state.reason };
    case 'starting':
      return { kind: 'loading' };
    case 'missing':
      return { kind: 'serviceMissing', message: state.message };
    case 'down':
      return {
        kind: 'serviceDown',
        message: state.message,
        retrying: state.retrying,
        ...(last === undefined ? {} : { last }),
      };
    case 'connected':
      if (today === undefined) return { kind: 'loading' };
      return {
        kind: 'ready',
        spend: today,
        ...(overview === undefined ? {} : { overview }),
        prices: pricesOf(overview?.spend ?? today, catalog),
        metering: panelMetering(metering),
        demo: state.workspace.demo,
        ...(view.routes === undefined ? {} : { routes: view.routes }),
        notices: [...view.notices, ...configNotices(view), ...priceNotices(stalePrices)],
        environment: maskedEnvironmentLines(state.workspace),
      };
  }
}

/** A broken configuration is seen in Problems too; here it says which one is in force. */
function configNotices({ config }: ServiceView): PanelReady['notices'] {
  if (config === undefined || config.ok) return [];
  const message = config.problems.map((problem) => problem.message).join(' ');
  return [{ id: 'config', severity: 'warning', message: `tollgate.jsonc: ${message}` }];
}

function priceNotices(message: string | undefined): PanelReady['notices'] {
  return message === undefined ? [] : [{ id: 'prices', severity: 'warning', message }];
}

function panelMetering(metering: MeteringState): PanelMetering {
  if (metering.kind === 'off') return { kind: 'off' };
  if (metering.elsewhere.length === 0) return { kind: 'metered' };
  return {
    kind: 'elsewhere',
    conflicts: metering.elsewhere.map(({ variable, value, source }) => ({
      variable,
      host: hostOf(value),
      source: source.name,
    })),
  };
}

/** The prices that the shown attempts were made with, where the catalogue still has them. */
export function pricesOf(spend: Pick<PanelSpend, 'lastCalls'>, catalog: Catalog): PanelPrices {
  const prices: Record<string, PanelPrices[string]> = {};
  for (const { provider, model, priceId } of spend.lastCalls.flatMap(({ attempts }) => attempts)) {
    if (priceId === undefined || priceId in prices) continue;
    for (const found of [catalog.lookup(model, provider), catalog.lookup(priceId.split('@')[0] ?? priceId)]) {
      if (found.kind !== 'known' || found.model.price === undefined) continue;
      const made = allPrices(found.model.price).find(({ id }) => id === priceId);
      if (made !== undefined) prices[priceId] = made;
    }
  }
  return prices;
}
