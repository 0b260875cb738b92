import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { readAddress } from '../../../src/service/address.ts';
import type { ServiceAddress, ServiceEvent } from '../../../src/service/api.ts';
import { createControlClient } from '../../../src/service/controlClient.ts';

interface Started {
  readonly child: ChildProcess;
  readonly address: ServiceAddress;
  readonly failed: string | undefined;
}

const window = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, lastCalls: 1000 };

describe('the life of a service', () => {
  let folder = '';
  let children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-home-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children) await ended(child, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (options: object = {}): Promise<Started> => {
    const given = JSON.stringify({ folder, version: '1.0.0', ...options });
    const child = spawn(process.execPath, [join(import.meta.dirname, 'serviceProcess.ts'), given], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const said = JSON.parse(String(line));
    return { child, address: said, failed: said.failed };
  };
  const clientOf = (address: ServiceAddress) => createControlClient({ ...address, fetch });
  const registration = () => ({ folder: join(folder, 'project'), trusted: true });
  const call = (base: string) => fetch(`${base}/models`).then((response) => response.status);

  test('it is found through a file that only its owner can read, and that goes with it', async () => {
    const { child, address } = await start();
    const path = join(folder, 'service.json');
    assert.deepEqual(readAddress(path), { ...address, pid: child.pid });
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
    assert.equal(statSync(folder).mode & 0o077, 0);
    assert.equal(await ended(child, 'SIGTERM'), 0);
    assert.equal(existsSync(path), false);
  });

  test('of many that start at once one runs, and the others say which', async () => {
    const started = await Promise.all([start(), start(), start(), start()]);
    const running = started.filter(({ failed }) => failed === undefined);
    assert.equal(running.length, 1);
    const pid = running[0]?.child.pid;
    for (const { failed } of started.filter((each) => each !== running[0]))
      assert.match(failed ?? '', new RegExp(`process ${pid}, port ${running[0]?.address.port}\\) already runs`));
  });

  test('killed, it comes back at the same port with the same tokens and every committed row', async () => {
    const first = await start();
    const { workspaceId, baseUrls } = await clientOf(first.address).registerWorkspace(registration());
    for (let calls = 0; calls < 5; calls++) assert.equal(await call(baseUrls.openai), 200);
    const before = await clientOf(first.address).spend({ workspaceId, ...window });
    assert.equal(before.totals.calls, 5);
    await ended(first.child, 'SIGKILL');

    const second = await start();
    assert.equal(second.address.port, first.address.port);
    assert.equal(second.address.controlToken, first.address.controlToken);
    assert.deepEqual(await clientOf(second.address).spend({ workspaceId, ...window }), before);
    assert.equal(await call(baseUrls.openai), 200, 'an open terminal keeps working');
    const again = await clientOf(second.address).registerWorkspace(registration());
    assert.deepEqual(again, { workspaceId, token: again.token, baseUrls, demo: false });
  });

  test('a rotated token is valid and the old one is not, also after a restart', async () => {
    const first = await start();
    const old = await clientOf(first.address).registerWorkspace(registration());
    const { baseUrls } = await clientOf(first.address).rotateToken(old.workspaceId);
    const check = async () => {
      assert.equal(await call(baseUrls.openai), 200);
      assert.equal(await call(old.baseUrls.openai), 401);
    };
    await check();
    await ended(first.child, 'SIGKILL');
    await start();
    await check();
  });

  test('when its port is taken it listens elsewhere and says so', async () => {
    const first = await start();
    await ended(first.child, 'SIGTERM');
    const squatter = createServer((_, response) => response.end('not Tollgate'));
    squatter.listen(first.address.port, '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    squatter.close();
    assert.notEqual(second.address.port, first.address.port);
    const { notices } = await clientOf(second.address).info();
    assert.deepEqual(
      notices.map(({ id }) => id),
      ['portChanged'],
    );
    assert.match(notices[0]?.message ?? '', new RegExp(`Port ${first.address.port} is now used by another program`));
  });

  test('a port that was asked for is that port or a failure', async () => {
    const first = await start();
    const other = { folder: join(folder, 'other'), port: first.address.port };
    assert.match((await start(other)).failed ?? '', /is taken by another program/);
    assert.match((await start({ ...other, port: 6000 })).failed ?? '', /cannot be used/);
    assert.match((await start({ ...other, port: 80 })).failed ?? '', /cannot be used/);
  });

  test('an address left behind by a killed service, or written by somebody else, is not believed', async () => {
    const stranger = createServer((_, response) => response.end('{"pid":1}'));
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const address = stranger.address();
    const port = typeof address === 'object' ? address?.port : 0;
    writeFileSync(join(folder, 'service.json'), JSON.stringify({ port, pid: 1, version: '9.0.0', controlToken: 'x' }));
    const { failed } = await start();
    stranger.close();
    assert.equal(failed, undefined);
  });

  test('a newer version takes over: port, tokens, rows and the windows that were attached', async () => {
    const old = await start();
    const { workspaceId, baseUrls } = await clientOf(old.address).registerWorkspace(registration());
    assert.equal(await call(baseUrls.openai), 200);
    const events: ServiceEvent[] = [];
    const attached = (async () => {
      for await (const event of clientOf(old.address).events(workspaceId, AbortSignal.timeout(20_000)))
        events.push(event);
    })();
    const stream = await fetch(`${baseUrls.openai}/slow`);
    const reader = stream.body?.getReader();
    await reader?.read();

    const newer = start({ version: '1.0.1' });
    await until(() => events.at(-1)?.type === 'draining');
    assert.equal(await call(baseUrls.openai), 200, 'it answers while it waits for a quiet moment');
    await reader?.cancel();
    const { address, failed } = await newer;
    assert.equal(failed, undefined);
    await attached;
    assert.equal(address.port, old.address.port);
    assert.equal(address.version, '1.0.1');
    assert.equal(await call(baseUrls.openai), 200);
    assert.equal((await clientOf(address).spend({ workspaceId, ...window })).totals.calls, 4);
    assert.match((await start({ version: '1.0.0' })).failed ?? '', /already runs/, 'an older one does not');
  });

  test('it ends when nobody has needed it for a while, and not before', async () => {
    const { child, address } = await start({ lingerMs: 300 });
    const lease = new AbortController();
    const events = clientOf(address).events(undefined, lease.signal);
    assert.equal((await events.next()).value?.type, 'hello');
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.equal(child.exitCode, null, 'a lease is held');
    lease.abort();
    await assert.rejects(events.next());
    assert.equal(await ended(child), 0);
    const again = await start({ lingerMs: 100 });
    assert.equal(await ended(again.child), 0, 'nobody ever came');
  });

  test('told to end, it lets a stream go on for a while, cuts it and writes its row', async () => {
    const { child, address } = await start({ settleMs: 300 });
    const { workspaceId, baseUrls } = await clientOf(address).registerWorkspace(registration());
    const stream = await fetch(`${baseUrls.openai}/slow`);
    const reader = stream.body?.getReader();
    await reader?.read();
    child.kill('SIGTERM');
    await assert.rejects(async () => {
      for (;;) if ((await reader?.read())?.done === true) return;
    });
    assert.equal(await ended(child), 0);
    const next = await start();
    const { lastCalls } = await clientOf(next.address).spend({ workspaceId, ...window });
    assert.deepEqual(
      lastCalls.map(({ call: { status } }) => status),
      [499],
    );
  });

  test('a damaged database is moved aside, said so, and open terminals keep working', async () => {
    const first = await start();
    const { baseUrls } = await clientOf(first.address).registerWorkspace(registration());
    await ended(first.child, 'SIGTERM');
    writeFileSync(join(folder, 'tollgate.db'), 'x'.repeat(10_000));
    const second = await start();
    const { notices } = await clientOf(second.address).info();
    assert.match(notices[0]?.message ?? '', /damaged\. It was moved to .*tollgate\.db\.corrupt-/);
    await clientOf(second.address).registerWorkspace(registration());
    assert.equal(await call(baseUrls.openai), 200);
  });

  test('a damaged identity is moved aside and said so', async () => {
    await ended((await start()).child, 'SIGTERM');
    writeFileSync(join(folder, 'identity.json'), '{"version":1}');
    const { address } = await start();
    const { notices } = await clientOf(address).info();
    assert.deepEqual(
      notices.map(({ id }) => id),
      ['identityMovedAside'],
    );
  });
});

async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  if (signal !== undefined) child.kill(signal);
  const [code] = await exit;
  return code;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
