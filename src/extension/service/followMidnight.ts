import { startOfDay } from '../../service/startOfDay.ts';
import type { Disposable } from '../disposables.ts';
import { describeError, type Log } from '../log.ts';
import type { Listeners } from './listeners.ts';
import type { ServiceConnection } from './serviceConnection.ts';
import type { ServiceView } from './serviceView.ts';

const lastCalls = 50;
/** `setTimeout` counts in 32 bits, and a machine that slept wakes to a late timer either way. */
const longestWaitMs = 3_600_000;

/** The service tells of spending when there is some; a new day begins with none, and has to be asked for. */
export function followMidnight(
  connection: ServiceConnection,
  views: Listeners<ServiceView>,
  now: () => number,
  log: Log,
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let dayEndMs: number | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    if (dayEndMs === undefined) return;
    timer = setTimeout(turn, Math.min(Math.max(dayEndMs - now(), 0) + 500, longestWaitMs));
    timer.unref();
  };
  const turn = (): void => {
    if (dayEndMs !== undefined && now() >= dayEndMs)
      ask().catch((error: unknown) => log.warn('a new day', describeError(error)));
    wait();
  };
  const ask = async (): Promise<void> => {
    if (connection.view.state.kind !== 'connected') return;
    const { client, workspace } = connection.connected();
    const range = { fromMs: startOfDay(now()), toMs: startOfDay(now(), 1) };
    connection.show(await client.spend({ workspaceId: workspace.workspaceId, ...range, lastCalls }));
  };
  const listener = views.on(({ today }) => {
    if (today === undefined || today.toMs === dayEndMs) return;
    dayEndMs = today.toMs;
    wait();
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      listener.dispose();
    },
  };
}
