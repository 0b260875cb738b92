import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceErrors } from '../../../../src/extension/service/errors.ts';
import { createListeners } from '../../../../src/extension/service/listeners.ts';
import {
  type ConnectionDeps,
  retryDelayMs,
  ServiceConnection,
} from '../../../../src/extension/service/serviceConnection.ts';
import type { ServiceView } from '../../../../src/extension/service/serviceView.ts';
import type { ServiceAddress, ServiceEvent } from '../../../../src/service/api.ts';
import { createControlClient } from '../../../../src/service/controlClient.ts';
import { type FakeService, type FakeServiceState, startFakeService } from '../../../support/fakeService.ts';
import { busySpend, noSpend } from '../../../support/sampleSpend.ts';

const fakeState = (version: string): FakeServiceState => ({
  version,
  demo: false,
  spend: noSpend,
  jobs: [],
  notices: [],
  plan: { id: 'p1', workspaceId: 'workspace1', jobs: [], refused: [], answered: [] },
});
const fail = (error: unknown): never => {
  throw error;
};
const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const addressOf = ({ port, controlToken, state }: FakeService): ServiceAddress => ({
  port,
  controlToken,
  pid: 1,
  version: state.version,
});

function connect(deps: Pick<ConnectionDeps, 'discover' | 'launch'> & Partial<ConnectionDeps>) {
  const listeners = createListeners<ServiceView>(fail);
  const events = createListeners<ServiceEvent>(fail);
  const connection = new ServiceConnection({
    version: '0.2.0',
    client: ({ port, controlToken }) => createControlClient({ port, controlToken, fetch }),
    probe: ({ port, controlToken }) => createControlClient({ port, controlToken, fetch }),
    workspace: () => ({ folder: '/ws', trusted: true }),
    greet: async () => undefined,
    sleep: async () => undefined,
    random: () => 0,
    log,
    listeners,
    events,
    ...deps,
  });
  const controller = new AbortController();
  const ended = connection.run(controller.signal);
  /** Resolves with the first view, present or to come, that fits. */
  const until = async (fits: (view: ServiceView) => boolean): Promise<ServiceView> => {
    if (fits(connection.view)) return connection.view;
    return new Promise((done) => {
      const listener = listeners.on((view) => {
        if (!fits(view)) return;
        listener.dispose();
        done(view);
      });
    });
  };
  const stop = async (): Promise<void> => {
    controller.abort();
    await ended;
  };
  return { connection, until, stop, ended, listeners };
}

const connected = ({ state }: ServiceView): boolean => state.kind === 'connected';

test('attaches to a running service, greets it, and holds a lease', async () => {
  const service = await startFakeService(fakeState('0.2.0'));
  const greeted: string[] = [];
  const { until, stop } = connect({
    discover: () => addressOf(service),
    launch: () => assert.fail('there is one already'),
    greet: async (_, { workspaceId }) => void greeted.push(workspaceId),
  });
  const view = await until(({ today }) => today !== undefined);
  assert.equal(view.state.kind, 'connected');
  assert.deepEqual(greeted, ['workspace1']);
  assert.equal(service.subscribers, 1);
  await stop();
  await service.stop();
});

test('starts a service where none answers', async () => {
  const service = await startFakeService(fakeState('0.2.0'));
  let launches = 0;
  const { until, stop } = connect({
    discover: () => ({ ...addressOf(service), port: 1 }),
    launch: async () => {
      launches++;
      return addressOf(service);
    },
  });
  await until(connected);
  assert.equal(launches, 1);
  await stop();
  await service.stop();
});

test('does not attach to an older service: the one it starts takes its place', async () => {
  const old = await startFakeService(fakeState('0.1.9'));
  const ours = await startFakeService(fakeState('0.2.0'));
  const { until, stop } = connect({ discover: () => addressOf(old), launch: async () => addressOf(ours) });
  const view = await until(connected);
  assert.equal(view.state.kind === 'connected' && view.state.info.version, '0.2.0');
  assert.equal(old.subscribers, 0);
  await stop();
  await ours.stop();
  await old.stop();
});

test('a service that announced its end is not shown as a failure', async () => {
  const service = await startFakeService(fakeState('0.2.0'));
  const successor = await startFakeService(fakeState('0.3.0'));
  let address = addressOf(service);
  const kinds: string[] = [];
  const { until, stop, listeners } = connect({ discover: () => address, launch: () => assert.fail('one is there') });
  await until(({ today }) => today !== undefined);
  listeners.on(({ state }) => kinds.push(state.kind));
  address = addressOf(successor);
  service.publish({ type: 'draining' });
  await service.stop();
  await until((view) => view.state.kind === 'connected' && view.state.info.version === '0.3.0');
  assert.equal(kinds.includes('down'), false);
  assert.equal(kinds.includes('starting'), true);
  await stop();
  await successor.stop();
});

test('a configuration that leaves the demo changes what is said at once', async () => {
  const service = await startFakeService({ ...fakeState('0.2.0'), demo: true });
  const { until, stop } = connect({ discover: () => addressOf(service), launch: () => assert.fail('one is there') });
  await until(({ today, state }) => today !== undefined && state.kind === 'connected' && state.workspace.demo);
  service.publish({ type: 'config', status: { path: '/ws/tollgate.jsonc', ok: true, demo: false, problems: [] } });
  await until(({ state }) => state.kind === 'connected' && !state.workspace.demo);
  await stop();
  await service.stop();
});

test('attaches to a newer service', async () => {
  const newer = await startFakeService(fakeState('0.10.0'));
  const { until, stop } = connect({
    discover: () => addressOf(newer),
    launch: () => assert.fail('the newer one serves us'),
  });
  await until(connected);
  assert.equal(
    newer.requests.some(({ path }) => path === '/drain'),
    false,
  );
  await stop();
  await newer.stop();
});

test('a service that goes away is shown as down, keeps its figures, and is started again', async () => {
  const first = await startFakeService({ ...fakeState('0.2.0'), spend: busySpend() });
  const second = await startFakeService(fakeState('0.2.0'));
  let address: ServiceAddress | undefined = addressOf(first);
  const { until, stop } = connect({
    discover: () => address,
    launch: async () => addressOf(second),
  });
  await until(({ today }) => today !== undefined);
  const down = until(({ state }) => state.kind === 'down');
  address = undefined;
  await first.stop();
  const view = await down;
  assert.deepEqual(view.state, { kind: 'down', message: 'The Tollgate service ended.', retrying: true });
  assert.equal(view.today?.totals.calls, 132);
  await until((next) => connected(next) && next.today?.totals.calls === 0);
  await stop();
  await second.stop();
});

test('a service that can never run here is not tried again', async () => {
  let launches = 0;
  const { connection, ended } = connect({
    discover: () => undefined,
    launch: async () => {
      launches++;
      throw serviceErrors.noSqlite('20.9.0');
    },
  });
  await ended;
  assert.equal(connection.view.state.kind, 'missing');
  assert.equal(launches, 1);
});

test('commands get a reason while the service is not there', () => {
  const listeners = createListeners<ServiceView>(fail);
  const connection = new ServiceConnection({
    version: '0.2.0',
    discover: () => undefined,
    launch: () => assert.fail('not asked to run'),
    client: () => assert.fail('not asked to run'),
    probe: () => assert.fail('not asked to run'),
    workspace: () => ({ folder: '/ws', trusted: true }),
    greet: async () => undefined,
    sleep: async () => undefined,
    random: () => 0,
    log,
    listeners,
    events: createListeners<ServiceEvent>(fail),
  });
  assert.throws(() => connection.connected(), /Restart Service/);
  connection.rest('untrusted');
  assert.throws(() => connection.connected(), /Trust it/);
  connection.rest('noFolder');
  assert.throws(() => connection.connected(), /Open a folder/);
});

test('the wait grows, has a cap, and is spread', () => {
  assert.deepEqual(
    [0, 1, 2, 20].map((failures) => retryDelayMs(failures, 1)),
    [250, 500, 1000, 15_000],
  );
  assert.equal(retryDelayMs(2, 0), 500);
});
