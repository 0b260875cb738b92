// What users run: the bundles of dist/, each as a process of its own, with the built-in provider.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import * as z from 'zod';

const dist = resolve(import.meta.dirname, '../../dist');
const limit = { timeout: 120_000 };
const config = {
  version: 1,
  providers: { demo: { dialect: 'openai', baseUrl: 'demo:' } },
  aliases: { cheap: { targets: ['demo/gpt-4o-mini'] } },
};
const servingSchema = z.object({ url: z.string(), token: z.string() });
const listeningSchema = z.object({ listening: z.object({ port: z.number(), pid: z.number() }) });
const answerSchema = z.object({ choices: z.tuple([z.object({ message: z.object({ content: z.string().min(1) }) })]) });

describe('what is built', () => {
  let folder = '';
  let children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-built-'));
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Its process, and the first line it printed. */
  const start = async (script: string, ...args: string[]): Promise<{ child: ChildProcess; line: unknown }> => {
    const env = { ...process.env, TOLLGATE_HOME: join(folder, 'home') };
    const child = spawn(process.execPath, [join(dist, script), ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(([code]) => [`ended: ${code}`])]);
    return { child, line: JSON.parse(String(line)) };
  };

  const ended = async (child: ChildProcess): Promise<unknown> => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await exit;
    return code;
  };

  test('tollgate serve answers a call, keeps its code compiled, and ends when told to', limit, async () => {
    const [configPath, data] = [join(folder, 'tollgate.jsonc'), join(folder, 'data')];
    writeFileSync(configPath, JSON.stringify(config));
    const { child, line } = await start('cli.js', 'serve', '--config', configPath, '--data', data);
    const { url, token } = servingSchema.parse(line);
    const answer = await fetch(`${url}/t/${token}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body: JSON.stringify({ model: 'cheap', messages: [{ role: 'user', content: 'What is a lock?' }] }),
    });
    assert.equal(answer.status, 200);
    answerSchema.parse(await answer.json());
    assert.equal((await fetch(`${url}/v1/models`)).status, 401);
    assert.equal(await ended(child), 0);
    assert.ok(readdirSync(join(data, 'compiled')).length > 0);
  });

  test('the service listens, says where, and ends when told to', limit, async () => {
    const { child, line } = await start('service.js');
    const { listening } = listeningSchema.parse(line);
    assert.equal(listening.pid, child.pid);
    assert.equal((await fetch(`http://127.0.0.1:${listening.port}/v1/models`)).status, 401);
    assert.equal(await ended(child), 0);
    const log = readdirSync(join(folder, 'home')).find((name) => name.endsWith('.log')) ?? '';
    assert.doesNotMatch(readFileSync(join(folder, 'home', log), 'utf8'), /"level":"error"/);
  });
});
