import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { startHeadlessService } from '../../support/headlessService.ts';

const program = join(import.meta.dirname, '../../support/serveFromSource.ts');

interface Answer {
  readonly id?: number;
  readonly result?: {
    readonly tools?: readonly { readonly name: string }[];
    readonly content?: readonly { readonly text: string }[];
    readonly isError?: boolean;
    readonly serverInfo?: { readonly name: string };
  };
}

/** An agent of our own: JSON-RPC lines as the protocol has them, without a library on this side. */
function startAgent(args: readonly string[]) {
  const child = spawn(process.execPath, [program, 'mcp', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer: Answer = JSON.parse(line);
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let ids = 0;
  const tell = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (method: string, params: object): Promise<Answer> => {
    const id = ++ids;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      tell({ id, method, params });
    });
  };
  return {
    ask,
    begin: async () => {
      const info = { name: 'test', version: '1' };
      const answer = await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: info });
      tell({ method: 'notifications/initialized' });
      return answer;
    },
    end: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      const [code] = await ended;
      return code;
    },
  };
}

const spend = (period: string) => ({ name: 'spend', arguments: { period } });

test('an agent asks what calls cost, and ends the server by closing its end', async () => {
  const service = await startHeadlessService({
    config: {
      providers: { demo: { dialect: 'openai', baseUrl: 'demo:' } },
      aliases: { cheap: { targets: ['demo/gpt-4o-mini'] } },
    },
  });
  try {
    const agent = startAgent(['--folder', service.folder, '--data', join(service.folder, 'data')]);
    assert.equal((await agent.begin()).result?.serverInfo?.name, 'tollgate');
    assert.deepEqual(
      (await agent.ask('tools/list', {})).result?.tools?.map(({ name }) => name),
      ['spend'],
    );
    const before = await agent.ask('tools/call', spend('today'));
    assert.equal(before.result?.content?.[0]?.text, 'No call went through Tollgate today.');
    const call = await fetch(`${service.url}/t/${service.token}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'cheap', messages: [{ role: 'user', content: 'Say hello.' }] }),
    });
    assert.equal(call.status, 200);
    await call.body?.cancel();
    const after = await agent.ask('tools/call', spend('week'));
    const text = after.result?.content?.[0]?.text ?? '';
    assert.match(text, /^Spent in the last 7 days: .* for 1 call \(1 request to providers\)\./);
    assert.match(text, /1 request went to the demo provider, which bills nobody\./);
    assert.match(text, /- demo\/gpt-4o-mini\S*: /);
    const wrong = await agent.ask('tools/call', spend('decade'));
    assert.ok(wrong.result === undefined || wrong.result.isError === true);
    assert.equal(await agent.end(), 0);
  } finally {
    await service.stop();
  }
});

test('without a service the agent is told what to start', async () => {
  const agent = startAgent(['--folder', '/', '--data', join(import.meta.dirname, 'no-such-folder')]);
  await agent.begin();
  const { result } = await agent.ask('tools/call', spend('today'));
  assert.equal(result?.isError, true);
  assert.match(result?.content?.[0]?.text ?? '', /tollgate serve/);
  assert.equal(await agent.end(), 0);
});
