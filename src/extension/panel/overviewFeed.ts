import { type PanelView, panelDimensions } from '../../panel/panelView.ts';
import type { PeriodOverview } from '../../service/api.ts';
import type { ConnectedService } from '../service/serviceConnection.ts';

/** The overview of what one page shows, asked for again when something has changed. */
export interface OverviewFeed {
  /** The last that came, while it is of the view that is shown. */
  readonly overview: PeriodOverview | undefined;
  show(view: PanelView): void;
  /** Spend has changed: asks soon, and again only after a pause. */
  refresh(): void;
  dispose(): void;
}

export interface OverviewFeedParts {
  /** Undefined while the service is not there. */
  readonly service: () => ConnectedService | undefined;
  readonly onOverview: () => void;
  readonly onProblem: (error: unknown) => void;
}

const pauseMs = 1_000;
/** The sums of a long month must not take more than a twentieth of the time in which calls are served. */
const pausePerTook = 20;

export function createOverviewFeed(
  first: PanelView,
  { service, onOverview, onProblem }: OverviewFeedParts,
): OverviewFeed {
  let view = first;
  let overview: PeriodOverview | undefined;
  let timer: NodeJS.Timeout | undefined;
  let asking = false;
  let again = false;
  let disposed = false;

  const ask = async (): Promise<void> => {
    const connected = service();
    if (connected === undefined || disposed) return;
    const [asked, startedAtMs] = [view, performance.now()];
    asking = true;
    again = false;
    try {
      const { workspaceId } = connected.workspace;
      const answer = await connected.client.overview({ workspaceId, ...asked });
      if (asked === view && !disposed) {
        overview = answer;
        onOverview();
      }
    } finally {
      asking = false;
      const delay = asked === view ? Math.max(pauseMs, pausePerTook * (performance.now() - startedAtMs)) : 0;
      if (!disposed) timer = setTimeout(rest, delay);
    }
  };
  const start = (): void => {
    ask().catch(onProblem);
  };
  const rest = (): void => {
    timer = undefined;
    if (again) start();
  };
  const refresh = (): void => {
    again = true;
    if (!asking && timer === undefined && !disposed) start();
  };

  return {
    get overview() {
      return overview !== undefined && isOf(overview, view) ? overview : undefined;
    },
    show: (chosen) => {
      view = chosen;
      clearTimeout(timer);
      timer = undefined;
      refresh();
    },
    refresh,
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}

function isOf(overview: PeriodOverview, { period, by, filter }: PanelView): boolean {
  return (
    overview.period === period &&
    overview.by === by &&
    panelDimensions.every((dimension) => overview.filter[dimension] === filter[dimension])
  );
}
