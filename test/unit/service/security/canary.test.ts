import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readAddress } from '../../../../src/service/address.ts';
import { type ControlClient, createControlClient } from '../../../../src/service/controlClient.ts';
import { type HeadlessService, startHeadlessService } from '../../../support/headlessService.ts';
import { type ListeningServer, listenAsProvider } from '../../../support/listen.ts';
import { exchange, requestText } from '../http/rawClient.ts';

/** What must be found nowhere but at the provider it was sent to. */
const canaries = {
  clientKey: 'sk-canary-client-0123456789abcdef',
  storedKey: 'sk-canary-stored-0123456789abcdef',
  queryKey: 'AIzacanaryquery0123456789abcdefghijklm',
  environmentKey: 'gsk_canaryenvironment0123456789',
  prompt: 'canary-of-the-prompt',
  answer: 'canary-of-the-answer',
  upstreamError: 'canary-of-the-upstreams-error',
  user: 'canary.user@example.org',
  cookie: 'canary-of-the-cookie',
} as const;

const found = (text: string): string[] =>
  Object.entries(canaries)
    .filter(([, canary]) => text.includes(canary))
    .map(([name]) => name);

describe('keys, prompts and people', () => {
  let service: HeadlessService;
  let provider: ListeningServer;
  let control: ControlClient;
  /** Answers of ours that are no provider's. */
  const refusals: string[] = [];
  const authorizations = new Set<string | undefined>();

  before(async () => {
    provider = await listenAsProvider((request, response) => {
      authorizations.add(request.headers.authorization);
      if (request.url?.includes('cut')) return void request.socket.destroy();
      const isBroken = request.url?.includes('broken') === true;
      response.writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json', 'set-cookie': canaries.cookie });
      const message = { role: 'assistant', content: canaries.answer };
      const error = { message: `${canaries.upstreamError} ${request.headers.authorization}` };
      const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
      response.end(JSON.stringify(isBroken ? { error } : { model: 'm', choices: [{ index: 0, message }], usage }));
    });
    const umask = process.umask(0);
    service = await startHeadlessService({
      config: {
        providers: {
          openai: { dialect: 'openai', baseUrl: `${provider.url}/v1`, apiKey: 'secret:openai' },
          env: { dialect: 'openai', baseUrl: `${provider.url}/v1`, apiKey: 'env:CANARY_KEY' },
          cut: { dialect: 'openai', baseUrl: `${provider.url}/cut` },
          nowhere: { dialect: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
        },
        aliases: { 'to-env': { targets: ['env/m'] }, 'to-nowhere': { targets: ['nowhere/m', 'cut/m'] } },
        attribution: { tags: ['who'], pii: 'hash' },
      },
      env: { CANARY_KEY: canaries.environmentKey, TOLLGATE_LOG: 'debug' },
    }).finally(() => process.umask(umask));
    const address = readAddress(join(service.folder, 'data', 'service.json')) ?? assert.fail();
    control = createControlClient({ ...address, fetch });
    const { workspaceId } = await control.registerWorkspace({
      folder: service.folder,
      trusted: true,
      userConfig: JSON.stringify({ attribution: { tags: ['who'] } }),
    });
    await control.putKeys({ workspaceId, keys: { openai: canaries.storedKey } });
    await makeCalls();
    const { totals } = await control.spend({ workspaceId, fromMs: 0, toMs: Date.now() + 1000, lastCalls: 1000 });
    assert.ok(totals.calls > 10, 'the calls were written down');
  });
  after(async () => {
    const code = await service.stop();
    await provider.close();
    assert.equal(code, 0);
  });

  async function call(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<void> {
    const response = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: canaries.cookie, ...headers },
      body,
    });
    const text = `${[...response.headers].join('\n')}\n${await response.text()}`;
    if (response.headers.get('x-tollgate-error-origin') === 'proxy' || text.includes('tollgate_')) refusals.push(text);
  }

  async function makeCalls(): Promise<void> {
    const own = { authorization: `Bearer ${canaries.clientKey}` };
    const withToken = { 'x-tollgate-token': service.token };
    const people = {
      'x-tollgate-user': canaries.user,
      'x-tollgate-tags': `who=${canaries.user}`,
      'x-tollgate-metadata': JSON.stringify({ email: canaries.user, key: canaries.clientKey }),
    };
    const body = (more: object = {}): string =>
      JSON.stringify({
        model: 'm',
        user: canaries.user,
        messages: [{ role: 'user', content: canaries.prompt }],
        ...more,
      });
    const inPath = `/t/${service.token}`;
    for (const model of ['m', 'to-env', 'to-nowhere']) {
      await call(`${inPath}/v1/chat/completions?key=${canaries.queryKey}`, { ...own, ...people }, body({ model }));
      await call('/v1/chat/completions', { ...withToken, ...people }, body({ model }));
      await call('/v1/chat/completions', { ...own, 'x-api-key': canaries.storedKey }, body({ model }));
    }
    await call(`${inPath}/v1/broken?key=${canaries.queryKey}`, own, body());
    await call(`${inPath}/p/cut/v1/files`, own, body());
    await call(`${inPath}/p/nowhere/v1/files?key=${canaries.queryKey}`, own, body());
    await call(`${inPath}/v1/messages`, own, body());
    await call(`${inPath}/v1/chat/completions`, own, `{"messages": "${canaries.prompt}`);
    // `fetch` would take the dots out itself.
    const line = `GET ${inPath}/v1/../${canaries.prompt}?key=${canaries.queryKey} HTTP/1.1`;
    const { host, port } = new URL(service.url);
    const { status, head, body: text } = await exchange(Number(port), requestText(line, [`host: ${host}`]));
    assert.equal(status, 400);
    refusals.push(`${head}\n${text}`);
    await call(`${inPath}/v1/chat/completions`, { ...own, 'x-tollgate-base-url': canaries.clientKey }, body());
    await call(`${inPath}/v1/chat/completions`, { ...own, 'content-encoding': 'gzip' }, body());
    await call(`/t/${canaries.clientKey}/v1/chat/completions`, own, body());
    await call('/_tollgate/info', { 'x-tollgate-control': canaries.clientKey }, body());
    await control
      .putKeys({ workspaceId: canaries.storedKey, keys: {} })
      .catch((error: unknown) => refusals.push(String(error)));
  }

  const filesOf = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  test('S9: each key reached the provider it is for, so that the search below looks for keys that were in use', () => {
    for (const key of [canaries.clientKey, canaries.storedKey, canaries.environmentKey])
      assert.ok(authorizations.has(`Bearer ${key}`), key);
  });

  test('S15: no key, prompt, answer or person is in any file of the data folder, database and journals included', () => {
    const files = filesOf(join(service.folder, 'data'));
    assert.ok(files.some((path) => path.endsWith('tollgate.db-wal')));
    const texts = files.map((path) => readFileSync(path, 'latin1'));
    assert.ok(
      texts.some((text) => text.includes('to-env')),
      'the calls are in there',
    );
    for (const [index, text] of texts.entries()) assert.deepEqual(found(text), [], files[index]);
  });

  test('S15: nor in the log, at its most talkative', () => {
    assert.match(service.log(), /"level":"info"/);
    assert.deepEqual(found(service.log()), []);
    assert.ok(!service.log().includes(service.token));
  });

  test('S16: nor in an error of ours: no key, prompt, query or stack', () => {
    assert.ok(refusals.length >= 8, String(refusals.length));
    for (const text of refusals) {
      assert.deepEqual(found(text), [], text);
      assert.doesNotMatch(text, /\n\s+at |node_modules|\.ts:\d/);
    }
  });

  test('S9: a stored key is in no argument list, and not in the environment of the service', {
    skip: process.platform !== 'linux',
  }, () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      assert.deepEqual(found(readIfThere(`/proc/${pid}/cmdline`)), []);
    const environment = readIfThere(`/proc/${service.child.pid}/environ`);
    assert.deepEqual(found(environment), ['environmentKey'], 'what the user has put there');
    assert.ok(!readIfThere(`/proc/${service.child.pid}/cmdline`).includes(service.token));
  });

  test('S17: every file of the data folder is its owner’s alone, whatever the umask', {
    skip: process.platform === 'win32',
  }, () => {
    const data = join(service.folder, 'data');
    assert.equal(statSync(data).mode & 0o777, 0o700);
    for (const path of filesOf(data)) assert.equal(statSync(path).mode & 0o077, 0, path);
  });
});

/** A process may end while it is looked at. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    return error instanceof Error ? '' : String(error);
  }
}
