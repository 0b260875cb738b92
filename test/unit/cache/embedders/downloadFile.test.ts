import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type DownloadDeps, downloadFile } from '../../../../src/cache/embedders/onnx/downloadFile.ts';
import type { EncoderFailed, EncoderProblem } from '../../../../src/cache/embedders/onnx/encoderErrors.ts';
import type { EncoderFile } from '../../../../src/cache/embedders/onnx/encoderModels.ts';
import { nodeDownloadDisk } from '../../../../src/cache/embedders/onnx/nodeDownloadDisk.ts';
import { type FileServer, type Sending, startFileServer } from '../../../support/fileServer.ts';

const body = randomBytes(300_000);
const sha256 = createHash('sha256').update(body).digest('hex');

let server: FileServer;
let folder: string;
before(async () => {
  server = await startFileServer();
});
after(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-download-'));
  server.files.clear();
  server.requests.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const deps: DownloadDeps = { fetch, disk: nodeDownloadDisk, wait: async () => undefined, idleMs: 10_000 };

function serve(sending: Omit<Sending, 'body'> & { body?: Uint8Array } = {}): EncoderFile {
  server.files.set('/model', { body, ...sending });
  return { name: 'tokenizer.json', url: `${server.base}/model`, bytes: body.length, sha256 };
}

function get(file: EncoderFile, changes: Partial<DownloadDeps> = {}, part?: Uint8Array) {
  const seen: number[] = [];
  const path = join(folder, file.name);
  if (part !== undefined) writeFileSync(`${path}.part`, part);
  const { signal } = new AbortController();
  const onProgress = (bytes: number): void => void seen.push(bytes);
  return { seen, path, done: downloadFile({ ...deps, ...changes }, { file, path, signal, onProgress }) };
}

const failsAs = (problem: EncoderProblem, words: RegExp) => (error: EncoderFailed) => {
  assert.equal(error.problem, problem);
  assert.match(error.message, words);
  return true;
};

test('a file arrives whole, with its progress', async () => {
  const { done, path, seen } = get(serve());
  await done;
  assert.deepEqual(readFileSync(path), body);
  assert.equal(existsSync(`${path}.part`), false);
  assert.equal(seen.at(-1), body.length);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.deepEqual(server.requests, ['/model -']);
});

test('a connection that is cut goes on from where it stopped', async () => {
  const { done, path } = get(serve({ cutAfter: [100_000, 50_000] }));
  await done;
  assert.deepEqual(readFileSync(path), body);
  // What had arrived but was not read when the connection broke is lost, so the ranges may begin a little earlier.
  const starts = server.requests.map((request) => Number(/bytes=(\d+)-$/.exec(request)?.[1] ?? 0));
  assert.equal(starts.length, 3);
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => a - b),
  );
  assert.ok(
    starts.every((start, turn) => start <= ([0, 100_000, 150_000][turn] ?? 0)),
    String(starts),
  );
});

test('what an earlier run left is used, also where the server knows no ranges', async () => {
  for (const ignoresRanges of [false, true]) {
    const { done, path } = get(serve({ ignoresRanges }), {}, body.subarray(0, 120_000));
    await done;
    assert.deepEqual(readFileSync(path), body);
  }
  assert.deepEqual(server.requests, ['/model bytes=120000-', '/model bytes=120000-']);
});

test('a part that is whole is not fetched again; one that is too long is begun anew', async () => {
  const first = get(serve(), {}, body);
  await first.done;
  assert.deepEqual(server.requests, []);
  const second = get(serve(), {}, Buffer.concat([body, body]));
  await second.done;
  assert.deepEqual(readFileSync(second.path), body);
  assert.deepEqual(server.requests, ['/model -']);
});

test('a connection that always breaks is told after four tries, and what came is kept', async () => {
  const { done, path } = get(serve({ cutAfter: [1000, 1000, 1000, 1000, 1000] }));
  await assert.rejects(done, failsAs('interrupted', /goes on where it stopped; or fetch the files on another machine/));
  assert.equal(server.requests.length, 4);
  const kept = readFileSync(`${path}.part`);
  assert.deepEqual(kept, body.subarray(0, kept.length));
});

test('a connection without a byte for a while is an interruption', async () => {
  const { done } = get(serve({ stalls: true }), { idleMs: 30 });
  await assert.rejects(done, failsAs('interrupted', /broke off/));
  assert.equal(server.requests.length, 4);
});

test('other bytes are deleted, and both hashes are told', async () => {
  const other = Buffer.from(body).fill(0, 5, 6);
  const { done, path } = get(serve({ body: other }));
  const found = createHash('sha256').update(other).digest('hex');
  await assert.rejects(
    done,
    failsAs('wrongContent', new RegExp(`SHA-256 ${found}, expected ${sha256}.*update Tollgate`)),
  );
  assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
});

test('a page instead of the file is refused by its length; without one, where it grows too long', async () => {
  const page = get(serve({ body: Buffer.from('<html>Log in</html>') }));
  await assert.rejects(page.done, failsAs('wrongContent', /of 19 bytes instead of 300000/));
  const long = get(serve({ body: Buffer.concat([body, body]), chunked: true }));
  await assert.rejects(long.done, failsAs('wrongContent', /of more than 300000 bytes/));
});

test('404 is told at once; 503 is tried again', async () => {
  const missing = get({ ...serve(), url: `${server.base}/gone` });
  await assert.rejects(missing.done, failsAs('httpStatus', /answered 404 for gone\. Try again later, or fetch/));
  assert.equal(server.requests.length, 1);
  const busy = get(serve({ status: 503 }));
  await assert.rejects(busy.done, failsAs('interrupted', /answered 503/));
  assert.equal(server.requests.length, 5);
});

test('nothing is fetched over plain http from elsewhere', async () => {
  const answered: typeof fetch = async () => Response.json({});
  const { done } = get({ ...serve(), url: 'http://models.example/model' }, { fetch: answered });
  await assert.rejects(done, failsAs('insecure', /models\.example is not reached over https/));
});

test('a cancelled download says so and keeps what came', async () => {
  const cancel = new AbortController();
  const file = serve({ stalls: true });
  const path = join(folder, file.name);
  const done = downloadFile(deps, { file, path, signal: cancel.signal, onProgress: () => cancel.abort() });
  await assert.rejects(done, failsAs('cancelled', /What has arrived is kept/));
  assert.ok(readFileSync(`${path}.part`).length > 0);
});

test('a full disk is told as such, other trouble with its reason', async () => {
  const refusing = (code: string) => ({
    ...nodeDownloadDisk,
    append: async () => ({
      write: () => Promise.reject(Object.assign(new Error(`${code}: write`), { code })),
      close: async () => undefined,
    }),
  });
  await assert.rejects(
    get(serve(), { disk: refusing('ENOSPC') }).done,
    failsAs('diskFull', /no room for the embedding model/),
  );
  await assert.rejects(get(serve(), { disk: refusing('EIO') }).done, failsAs('unreadable', /EIO: write.*permissions/));
});
