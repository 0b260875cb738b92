import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { type HeadlessService, startHeadlessService } from '../../support/headlessService.ts';
import { listenAsProvider } from '../../support/listen.ts';
import { soakRounds } from '../../support/soak.ts';

const kills = soakRounds(1);

/** 1,000 answer tokens of gpt-4o-mini at $0.60 per million, and a short prompt: a second one does not fit beside it. */
const limitUsd = 0.00065;
const body = JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 1000, messages: [{ role: 'user', content: 'q' }] });
const answer = JSON.stringify({
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 8, completion_tokens: 1, total_tokens: 9 },
});

test(`killed ${kills} times with a call under way, the service holds nothing of its limit when it starts again`, {
  timeout: 30_000 + kills * 10_000,
}, async () => {
  const arrived = { count: 0, tell: (): void => undefined };
  const neverAnswer: RequestListener = () => {
    arrived.count++;
    arrived.tell();
  };
  let respond = neverAnswer;
  const provider = await listenAsProvider((request, response) => respond(request, response));
  const config = {
    providers: { openai: { dialect: 'openai', baseUrl: `${provider.url}/v1` } },
    budgets: [{ scope: 'workspace', limitUsd, window: 'month', onExceed: 'block' }],
  };
  let service: HeadlessService | undefined;
  try {
    for (let kill = 1; kill <= kills; kill++) {
      service = await startHeadlessService({ config, ...(service === undefined ? {} : { folder: service.folder }) });
      const reached = new Promise<void>((resolve) => {
        arrived.tell = resolve;
      });
      const under = ask(service);
      const cut = assert.rejects(under, TypeError);
      await Promise.race([reached, under.then(async (early) => assert.fail(await early.text()))]);
      const refused = await ask(service);
      assert.equal(refused.status, 402);
      assert.match(await refused.text(), /\$0\.00 is spent, \$0\.0006\d* is held for calls and batch jobs under way/);
      assert.equal(arrived.count, kill);
      service.child.kill('SIGKILL');
      if (service.child.signalCode === null) await once(service.child, 'exit');
      await cut;
      assert.equal(service.child.signalCode, 'SIGKILL');
    }
    assert.ok(service !== undefined);
    respond = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    service = await startHeadlessService({ config, folder: service.folder });
    const admitted = await ask(service);
    assert.equal(admitted.status, 200, await admitted.text());
    assert.equal(await service.stop(), 0);
  } finally {
    await service?.stop();
    await provider.close();
  }
});

function ask({ url, token }: HeadlessService): Promise<Response> {
  return fetch(`${url}/t/${token}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-of-the-program' },
    body,
  });
}
