import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { followMidnight } from '../../../../src/extension/service/followMidnight.ts';
import { createListeners } from '../../../../src/extension/service/listeners.ts';
import { ServiceConnection } from '../../../../src/extension/service/serviceConnection.ts';
import type { ServiceView } from '../../../../src/extension/service/serviceView.ts';
import type { ServiceEvent } from '../../../../src/service/api.ts';
import { createControlClient } from '../../../../src/service/controlClient.ts';
import { startOfDay } from '../../../../src/service/startOfDay.ts';
import { startFakeService } from '../../../support/fakeService.ts';
import { busySpend, noSpend } from '../../../support/sampleSpend.ts';

const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const fail = (error: unknown): never => {
  throw error;
};

test('when the day ends, the figures of the new one are asked for', async () => {
  const today = new Date(2026, 8, 22, 23, 30).getTime();
  const midnight = startOfDay(today, 1);
  const service = await startFakeService({
    version: '1.0.0',
    demo: false,
    spend: { ...busySpend(), fromMs: startOfDay(today), toMs: midnight },
    jobs: [],
    notices: [],
    plan: { id: 'p', workspaceId: 'workspace1', jobs: [], refused: [], answered: [] },
  });
  const views = createListeners<ServiceView>(fail);
  const connection = new ServiceConnection({
    version: '1.0.0',
    discover: () => ({ port: service.port, pid: 1, version: '1.0.0', controlToken: service.controlToken }),
    launch: () => assert.fail('one is there'),
    client: (address) => createControlClient({ ...address, fetch }),
    probe: (address) => createControlClient({ ...address, fetch }),
    workspace: () => ({ folder: '/ws', trusted: true }),
    greet: async () => undefined,
    sleep: async () => undefined,
    random: () => 0,
    log,
    listeners: views,
    events: createListeners<ServiceEvent>(fail),
  });
  const figures = (calls: number) =>
    new Promise<void>((done) => {
      const listener = views.on((view) => {
        if (view.today?.totals.calls !== calls) return;
        listener.dispose();
        done();
      });
    });
  let now = today;
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const follower = followMidnight(connection, views, () => now, log);
    const first = figures(132);
    const controller = new AbortController();
    const ended = connection.run(controller.signal);
    await first;
    service.state.spend = { ...noSpend, fromMs: midnight, toMs: startOfDay(midnight, 1) };
    const second = figures(0);
    now = midnight + 500;
    mock.timers.tick(30 * 60_000 + 500);
    await second;
    assert.ok(service.requests.some(({ path }) => path === '/spend'));
    follower.dispose();
    controller.abort();
    await ended;
  } finally {
    mock.timers.reset();
    await service.stop();
  }
});
