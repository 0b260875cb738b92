import type { Config } from '../config/config.ts';
import { createRouteQuality, type RouteQuality } from '../routing/createRouteQuality.ts';
import type { GuardEvent, RouteQualityReport } from '../routing/tierReport.ts';
import { routeMoved } from './errors.ts';
import type { PipelineContext } from './pipeline.ts';
import { createRouteMemory } from './routeMemory.ts';

export interface ServiceRoutingDeps {
  readonly context: Pick<PipelineContext, 'store' | 'publish' | 'log'>;
  readonly configOf: (workspaceId: string) => Config;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The quality of tiers over this service's database; what it has to say goes to the windows of the workspace. */
export interface ServiceRouting {
  readonly quality: RouteQuality;
  report(workspaceId: string): RouteQualityReport;
  close(): void;
}

/** Windows are told of new figures this often at most. */
const publishEveryMs = 1000;

export function createServiceRouting({ context, configOf, now }: ServiceRoutingDeps): ServiceRouting {
  const memory = createRouteMemory({ store: context.store, now, log: context.log });
  const timers = new Map<string, NodeJS.Timeout>();
  const report = (workspaceId: string): RouteQualityReport => quality.report(workspaceId, configOf(workspaceId));
  const onChange = (workspaceId: string): void => {
    if (timers.has(workspaceId)) return;
    const publish = (): void => {
      timers.delete(workspaceId);
      context.publish(workspaceId, { type: 'routes', report: report(workspaceId) });
    };
    timers.set(workspaceId, setTimeout(publish, publishEveryMs).unref());
  };
  const onMove = (event: GuardEvent): void =>
    context.publish(event.workspaceId, { type: 'notice', notice: routeMoved(event) });
  const quality = createRouteQuality({ now, memory, onMove, onChange });
  return {
    quality,
    report,
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      memory.close();
    },
  };
}
