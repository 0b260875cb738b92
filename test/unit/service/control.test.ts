import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ServiceEvent } from '../../../src/service/api.ts';
import { type ControlClient, ControlFailed, createControlClient } from '../../../src/service/controlClient.ts';
import { createLog } from '../../../src/service/log.ts';
import type { Pipeline, PipelineContext } from '../../../src/service/pipeline.ts';
import { type RunningService, startService } from '../../../src/service/startService.ts';
import { plainAttempt, plainCall } from '../ledger/rowsForTests.ts';
import { fakePipeline } from './fakePipeline.ts';

const keptAnswer = (id: string) => ({ id, model: 'm', createdAtMs: 0, expiresAtMs: 0, hits: 0, bytes: 0 });
const noStats = { entries: 0, bytes: 0, hits: 0, models: [], sessions: [] };

describe('the control plane', () => {
  let folder = '';
  let service: RunningService;
  let client: ControlClient;
  let context: PipelineContext;
  let pipeline: Pipeline;
  let limits: Pipeline['limits'];
  const logged: string[] = [];
  const told: string[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-control-'));
    logged.length = 0;
    told.length = 0;
    limits = () => [];
    service = await startService({
      folder,
      version: '1.2.3',
      env: { FROM_ENV: 'sk-env' },
      log: createLog(
        (line) => logged.push(line),
        () => 0,
      ),
      clock: Date.now,
      schemas: [],
      createPipeline: (given) => {
        context = given;
        pipeline = {
          ...fakePipeline(given),
          workspaceChanged: (id) => told.push(`changed ${id}`),
          keysChanged: (id) => told.push(`keys ${id}`),
          limits: (id) => limits(id),
          clearCache: (which) => {
            told.push(`cleared ${JSON.stringify(which)}`);
            return Promise.resolve(7);
          },
          cachedAnswers: (which, page) =>
            Promise.resolve({ answers: [keptAnswer(JSON.stringify([which, page]))], stats: noStats }),
          forgetAnswer: (request) => {
            told.push(`forgot ${JSON.stringify(request)}`);
            return Promise.resolve({ removed: true, judged: true });
          },
        };
        return pipeline;
      },
    });
    client = createControlClient({ ...service.address, fetch });
  });
  afterEach(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const registration = () => ({ folder: join(folder, 'project'), trusted: true });
  const ask = (method: string, path: string, init: RequestInit = {}, token = service.address.controlToken) =>
    fetch(`http://127.0.0.1:${service.address.port}/_tollgate${path}`, {
      method,
      ...init,
      headers: { 'x-tollgate-control': token, ...init.headers },
    });
  const json = { 'content-type': 'application/json' };
  const refusedWith = (code: string, status: number) => (error: unknown) =>
    ControlFailed.is(error, 'refused') && error.code === code && error.status === status;

  const refuseBad = async (response: Response): Promise<void> => {
    assert.equal(response.status, 400);
    throw new Error(await response.text());
  };

  test('health needs no token and says nothing', async () => {
    const response = await fetch(`http://127.0.0.1:${service.address.port}/_tollgate/health`);
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
  });

  test('everything else needs its own token, in its own header', async () => {
    const { token } = await client.registerWorkspace(registration());
    const all = ['GET /info', 'GET /events', 'POST /drain', 'POST /workspaces', 'PUT /keys', 'GET /nothing'];
    for (const [method = '', path = ''] of all.map((line) => line.split(' ')))
      for (const wrong of ['', token, `${service.address.controlToken}x`]) {
        const response = await ask(method, path, {}, wrong);
        assert.equal(response.status, 401, `${method} ${path}`);
        await response.body?.cancel();
      }
    const bearer = await fetch(`http://127.0.0.1:${service.address.port}/_tollgate/info`, {
      headers: { authorization: `Bearer ${service.address.controlToken}` },
    });
    assert.equal(bearer.status, 401);
    const withDataToken = await fetch(
      `http://127.0.0.1:${service.address.port}/t/${service.address.controlToken}/v1/models`,
    );
    assert.equal(withDataToken.status, 401, 'and is none for the data plane');
  });

  test('says who it is', async () => {
    const info = await client.info();
    assert.deepEqual(
      [info.version, info.pid, info.nodeVersion, info.notices],
      ['1.2.3', process.pid, process.version, []],
    );
  });

  test('registers a folder as one workspace, however often', async () => {
    const first = await client.registerWorkspace(registration());
    assert.match(first.token, /^tg_[\w-]{43}$/);
    const base = `http://127.0.0.1:${service.address.port}/t/${first.token}`;
    assert.deepEqual(first.baseUrls, { openai: `${base}/v1`, anthropic: base });
    assert.deepEqual(await client.registerWorkspace({ ...registration(), trusted: false, userConfig: '{}' }), first);
    assert.equal(context.workspaces.get(first.workspaceId)?.trusted, false);
    const other = await client.registerWorkspace({ folder: join(folder, 'other'), trusted: true });
    assert.notEqual(other.workspaceId, first.workspaceId);
    assert.notEqual(other.token, first.token);
    assert.deepEqual(told, [
      `changed ${first.workspaceId}`,
      `changed ${first.workspaceId}`,
      `changed ${other.workspaceId}`,
    ]);
  });

  test('rotates a token', async () => {
    const { workspaceId, token } = await client.registerWorkspace(registration());
    const rotated = await client.rotateToken(workspaceId);
    assert.notEqual(rotated.token, token);
    assert.equal(context.workspaces.withToken(token), undefined);
    assert.equal(context.workspaces.withToken(rotated.token), workspaceId);
  });

  test('takes keys into memory, a workspace’s whole set at a time', async () => {
    const { workspaceId } = await client.registerWorkspace(registration());
    await client.putKeys({ workspaceId, keys: { a: 'sk-a', b: 'sk-b', empty: '' } });
    await client.putKeys({ workspaceId, keys: { b: 'sk-b2', empty: '' } });
    const keyOf = (name: string, kind: 'secret' | 'env' = 'secret') => context.keys.of(workspaceId, { kind, name });
    assert.deepEqual(
      [keyOf('a'), keyOf('b'), keyOf('empty'), keyOf('FROM_ENV')],
      [undefined, 'sk-b2', undefined, undefined],
    );
    assert.equal(keyOf('FROM_ENV', 'env'), 'sk-env');
    assert.equal(context.keys.of('other', { kind: 'secret', name: 'b' }), undefined);
    assert.ok(told.includes(`keys ${workspaceId}`));
    assert.doesNotMatch(logged.join(''), /sk-/);
  });

  test('keeps the base URLs that the user confirmed', async () => {
    const { workspaceId } = await client.registerWorkspace(registration());
    await client.putUpstreams({ workspaceId, baseUrls: { openai: 'http://gateway.example:4000/v1' } });
    assert.deepEqual(context.workspaces.get(workspaceId)?.confirmedUpstreams, {
      openai: 'http://gateway.example:4000/v1',
    });
    assert.ok(context.workspaces.hasConfirmed('http://gateway.example:4000'));
    assert.ok(!context.workspaces.hasConfirmed('http://gateway.example'));
    await client.registerWorkspace(registration());
    assert.ok(context.workspaces.hasConfirmed('http://gateway.example:4000'), 'registering again keeps them');
    for (const baseUrl of ['file:///etc/passwd', 'gateway.example', ''])
      await assert.rejects(
        client.putUpstreams({ workspaceId, baseUrls: { openai: baseUrl } }),
        refusedWith('invalidRequest', 400),
      );
  });

  test('tells spending, configuration and jobs, and clears the cache', async () => {
    const { workspaceId, baseUrls } = await client.registerWorkspace(registration());
    await (await fetch(`${baseUrls.openai}/models`)).text();
    const spend = await client.spend({ workspaceId, fromMs: 0, toMs: Date.now() + 1000, lastCalls: 1 });
    assert.equal(spend.totals.calls, 1);
    assert.equal(spend.lastCalls.length, 1);
    assert.equal((await client.config(workspaceId)).ok, true);
    assert.deepEqual(await client.jobs(workspaceId), { jobs: [] });
    assert.deepEqual(await client.clearCache({ workspaceId }), { removed: 7 });
  });

  test('cached answers are listed, removed one by one, and cleared by model and session', async () => {
    const { workspaceId } = await client.registerWorkspace(registration());
    const which = { workspaceId, model: 'openai/gpt-4o', session: 's 1' };
    const { answers } = await client.cachedAnswers(which, 5);
    assert.deepEqual(answers[0]?.id, JSON.stringify([which, { limit: 5 }]));
    await client.clearCache(which);
    const wrong = { workspaceId, entryId: 'e1', isWrong: true };
    assert.deepEqual(await client.forgetAnswer(wrong), { removed: true, judged: true });
    assert.deepEqual(told.slice(-2), [`cleared ${JSON.stringify(which)}`, `forgot ${JSON.stringify(wrong)}`]);
    await assert.rejects(client.cachedAnswers({ workspaceId: 'none' }, 5), refusedWith('noSuchWorkspace', 404));
  });

  test('tells what a period cost, narrowed and stacked as asked for, beside every period’s sum and the limits', async () => {
    const { workspaceId } = await client.registerWorkspace(registration());
    limits = () => [
      {
        workspaceId,
        scope: 'workspace',
        window: 'day',
        limitPicoUsd: 2n,
        spentPicoUsd: 1n,
        reservedPicoUsd: 0n,
        onExceed: 'block',
        timeZone: 'UTC',
        limit: { scope: 'workspace', limitUsd: 1, window: 'day', warnAt: [], onExceed: 'block' },
      },
    ];
    const startedAtMs = Date.now();
    const call = (id: string, feature: string | undefined) =>
      context.ledger.record(
        plainCall(id, { workspaceId, startedAtMs, ...(feature === undefined ? {} : { feature }) }),
        [plainAttempt(id)],
      );
    call('a', 'search & <find>');
    call('b', undefined);
    const request = { workspaceId, period: 'month', by: 'feature' } as const;
    const all = await client.overview({ ...request, filter: {} });
    assert.equal(all.spend.totals.calls, 2);
    assert.equal(all.series.bucketMs, 86_400_000);
    assert.equal(all.series.startsMs.length, 31);
    assert.deepEqual(
      all.periods.map(({ period, costPicoUsd }) => [period, costPicoUsd]),
      [
        ['today', '2000000'],
        ['week', '2000000'],
        ['month', '2000000'],
      ],
    );
    assert.deepEqual(all.limits, [
      {
        scope: 'workspace',
        window: 'day',
        limitPicoUsd: '2',
        spentPicoUsd: '1',
        reservedPicoUsd: '0',
        onExceed: 'block',
      },
    ]);
    const idsOf = async (feature: string): Promise<string[]> =>
      (await client.overview({ ...request, filter: { feature } })).spend.lastCalls.map(({ call: { id } }) => id);
    assert.deepEqual(await idsOf('search & <find>'), ['a']);
    assert.deepEqual(await idsOf(''), ['b']);
    await assert.rejects(ask('GET', `/overview?workspace=${workspaceId}&period=year&by=model`).then(refuseBad));
    await assert.rejects(ask('GET', `/overview?workspace=${workspaceId}&period=week&by=colour`).then(refuseBad));
  });

  test('exports the recorded calls as a document, and names what is wrong with a request', async () => {
    const { workspaceId, token } = await client.registerWorkspace(registration());
    const call = await fetch(`http://127.0.0.1:${service.address.port}/t/${token}/v1/models`);
    await call.body?.cancel();
    const decoder = new TextDecoder();
    let text = '';
    const filter = { workspaceId, fromMs: 0, toMs: Date.now() + 1000 };
    for await (const piece of client.exportCalls(filter, 'json', AbortSignal.timeout(5000)))
      text += decoder.decode(piece, { stream: true });
    const exported: { call: { workspaceId: string } }[] = JSON.parse(text);
    assert.deepEqual(
      exported.map((one) => one.call.workspaceId),
      [workspaceId],
    );
    for (const query of [
      'format=xml&from=0&to=1',
      'format=csv&from=x&to=1',
      'format=csv&from=0&to=1.5',
      'format=csv&from=0',
    ]) {
      const response = await ask('GET', `/export?workspace=${workspaceId}&${query}`);
      assert.equal(response.status, 400, query);
      await response.body?.cancel();
    }
    assert.equal((await ask('GET', '/export?workspace=w&format=csv&from=0&to=1')).status, 404);
  });

  test('refuses what it does not know, in words', async () => {
    await assert.rejects(client.config('nobody'), refusedWith('noSuchWorkspace', 404));
    await assert.rejects(client.rotateToken('nobody'), refusedWith('noSuchWorkspace', 404));
    await assert.rejects(client.putKeys({ workspaceId: 'nobody', keys: {} }), refusedWith('noSuchWorkspace', 404));
    await assert.rejects(
      client.putUpstreams({ workspaceId: 'nobody', baseUrls: {} }),
      refusedWith('noSuchWorkspace', 404),
    );
    const events = client.events('nobody', new AbortController().signal);
    await assert.rejects(events.next(), refusedWith('noSuchWorkspace', 404));
    for (const [method, path, status] of [
      ['GET', '/nothing', 404],
      ['PUT', '/info', 404],
      ['POST', '/workspaces/a/b/rotate', 404],
    ] as const)
      assert.equal((await ask(method, path)).status, status);
    const { workspaceId } = await client.registerWorkspace(registration());
    for (const query of ['from=0&to=1', 'from=a&to=1&last=1', 'from=-1&to=1&last=1'])
      assert.equal((await ask('GET', `/spend?workspace=${workspaceId}&${query}`)).status, 400);
  });

  test('refuses bodies that are not JSON, not of the right shape, or too large', async () => {
    assert.equal(
      (await ask('POST', '/workspaces', { body: '{}', headers: { 'content-type': 'text/plain' } })).status,
      415,
    );
    for (const body of ['{', '{}', '[]', '{"folder":"","trusted":true}', '{"folder":"/x","trusted":"yes"}'])
      assert.equal((await ask('POST', '/workspaces', { body, headers: json })).status, 400, body);
    const large = JSON.stringify({ folder: '/x', trusted: true, userConfig: 'x'.repeat(5 * 1024 * 1024) });
    assert.equal((await ask('POST', '/workspaces', { body: large, headers: json })).status, 413);
  });

  test('a failure inside is a constant 500, and in the log without its message', async () => {
    const { workspaceId } = await client.registerWorkspace(registration());
    await assert.rejects(
      client.planBatch({ workspaceId, promptPaths: ['/a'] }),
      (error) => refusedWith('internal', 500)(error) && !/no batch here/.test(String(error)),
    );
    assert.match(logged.join(''), /control request failed/);
    assert.doesNotMatch(logged.join(''), /no batch here/);
  });

  test('events: greeting, every change, nothing of other workspaces', async () => {
    const { workspaceId, baseUrls } = await client.registerWorkspace(registration());
    const other = await client.registerWorkspace({ folder: join(folder, 'other'), trusted: true });
    const ended = new AbortController();
    const events = client.events(workspaceId, ended.signal);
    const next = async (): Promise<ServiceEvent | undefined> => (await events.next()).value ?? undefined;
    const greeting = [await next(), await next(), await next(), await next(), await next(), await next()];
    assert.deepEqual(
      greeting.map((event) => event?.type),
      ['hello', 'config', 'spend', 'jobs', 'routes', 'limits'],
    );
    await (await fetch(`${other.baseUrls.openai}/models`)).text();
    for (let call = 0; call < 5; call++) await (await fetch(`${baseUrls.openai}/models`)).text();
    const spend = await next();
    assert.equal(spend?.type === 'spend' && spend.today.totals.calls, 5, 'five calls are told of once');
    assert.equal(spend?.type === 'spend' && spend.today.workspaceId, workspaceId);
    context.publish(other.workspaceId, { type: 'jobs', jobs: [] });
    context.notify({ id: 'n', severity: 'info', message: 'Note this.' });
    const notice = await next();
    assert.deepEqual(notice, { type: 'notice', notice: { id: 'n', severity: 'info', message: 'Note this.' } });
    assert.equal((await client.info()).notices.length, 1, 'a window that comes later is told too');
    ended.abort();
    await assert.rejects(events.next(), (error) => ControlFailed.is(error, 'unreachable'));
  });

  test('a database that cannot be read is told of, and calls go on', async () => {
    const { workspaceId, baseUrls } = await client.registerWorkspace(registration());
    const events = client.events(workspaceId, new AbortController().signal);
    for (let greeting = 0; greeting < 6; greeting++) await events.next();
    context.store.database.exec('ALTER TABLE ledger_call RENAME TO gone');
    const call = await fetch(`${baseUrls.openai}/models`);
    assert.equal(call.status, 200);
    const told = [(await events.next()).value, (await events.next()).value].map((event) =>
      event?.type === 'notice' ? event.notice.id : event?.type,
    );
    assert.deepEqual(told, ['ledger', 'spending']);
    context.store.database.exec('ALTER TABLE gone RENAME TO ledger_call');
    assert.equal((await fetch(`${baseUrls.openai}/models`)).status, 200);
    const spend = (await events.next()).value;
    assert.equal(spend?.type === 'spend' && spend.today.totals.calls, 2, 'and nothing was lost');
  });

  test('events end with the service, after it has said so', async () => {
    const events = client.events(undefined, new AbortController().signal);
    const types: (string | undefined)[] = [];
    types.push((await events.next()).value?.type);
    await client.drain();
    for await (const event of events) types.push(event.type);
    assert.deepEqual(types, ['hello', 'draining']);
    await service.ended;
    await assert.rejects(client.info(), (error) => ControlFailed.is(error, 'unreachable'));
  });
});
