import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { normalised } from '../../../../src/cache/embedders/normalised.ts';
import { createOnnxEmbedder } from '../../../../src/cache/embedders/onnx/createOnnxEmbedder.ts';
import { EncoderFailed, type EncoderProblem } from '../../../../src/cache/embedders/onnx/encoderErrors.ts';
import {
  type EncoderRecord,
  encoderPaths,
  readEncoderRecord,
} from '../../../../src/cache/embedders/onnx/encoderFolder.ts';
import type { EncoderReply, EncoderStart } from '../../../../src/cache/embedders/onnx/encoderMessages.ts';
import { type EncoderModel, encoderModels } from '../../../../src/cache/embedders/onnx/encoderModels.ts';
import { fetchEncoder, importEncoder } from '../../../../src/cache/embedders/onnx/installEncoder.ts';
import { nodeDownloadDisk } from '../../../../src/cache/embedders/onnx/nodeDownloadDisk.ts';
import { createProbe } from '../../../../src/cache/embedders/onnx/probeEncoder.ts';
import { pooled } from '../../../../src/cache/embedders/onnx/sentenceEncoder.ts';
import { spawnEncoder } from '../../../../src/cache/embedders/onnx/spawnEncoder.ts';
import { startFileServer } from '../../../support/fileServer.ts';
import { smallEncoder, writeSmallEncoder } from '../../../support/smallEncoder.ts';

const root = resolve(import.meta.dirname, '../../../..');
const workerPath = join(root, 'src/cache/embedders/onnx/encoderWorker.ts');
const runtimePath = join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');
const spawn = (start: EncoderStart) => spawnEncoder(workerPath, start);
const probe = createProbe(runtimePath, spawn);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tollgate-encoder-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const failsAs = (problem: EncoderProblem, words: RegExp) => (error: unknown) => {
  assert.ok(EncoderFailed.is(error, problem), String(error));
  assert.match(error.message, words);
  return true;
};

/** Loading the runtime takes seconds of CPU, so only what is about it does. */
const believed = async (): Promise<number> => 32;

async function imported(): Promise<EncoderRecord> {
  const folder = join(home, 'files');
  writeSmallEncoder(folder);
  return importEncoder({ home, folder, id: 'small', pooling: 'mean' }, believed);
}

function embedderOf(record: EncoderRecord, problems: string[] = []) {
  const startTimer = (ms: number, fire: () => void): (() => void) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  };
  const onProblem = (message: string): void => void problems.push(message);
  return createOnnxEmbedder({
    record,
    paths: encoderPaths(home, record.id),
    runtimePath,
    spawn,
    startTimer,
    onProblem,
  });
}

const cosine = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number =>
  a.reduce((sum, value, n) => sum + value * (b[n] ?? 0), 0);

test('a model imported from a folder embeds: length 1, the same text alike, others not, each text for itself, too long ones not at all', async () => {
  const folder = join(home, 'files');
  writeSmallEncoder(folder);
  const record = await importEncoder({ home, folder, id: 'small', pooling: 'mean' }, probe);
  assert.deepEqual([record.source, record.id, record.dimensions, record.threshold], ['imported', 'small', 32, 0.97]);
  assert.deepEqual(await readEncoderRecord(encoderPaths(home, 'small')), record);
  const embedder = embedderOf({ ...record, maxTokens: 12 });
  const texts = ['How do I delete a git branch?', 'how do I DELETE a git branch ?', 'sort an array in python', 'naïve'];
  const vectors = await embedder.embed(texts);
  assert.deepEqual(
    vectors.map(({ length }) => length),
    [32, 32, 32, 32],
  );
  for (const vector of vectors) assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-5);
  assert.deepEqual(vectors[0], vectors[1]);
  assert.ok(cosine(vectors[0], vectors[2]) < 0.9);
  const [alone] = await embedder.embed(['sort an array in python']);
  assert.deepEqual(alone, vectors[2]);
  const long = 'how do i sort an array in python by the first word';
  await assert.rejects(embedder.embed([long]), failsAs('unusable', /longer than its 12 tokens/));
  await embedder.close?.();
});

test('a file that changed after it was installed is not loaded, and that is told once', async () => {
  const record = await imported();
  appendFileSync(encoderPaths(home, 'small').model, 'x');
  const problems: string[] = [];
  const embedder = embedderOf(record, problems);
  const words = /has changed since it was installed \(SHA-256 [0-9a-f]{64}, recorded [0-9a-f]{64}\)/;
  await assert.rejects(embedder.embed(['a']), failsAs('unusable', words));
  await assert.rejects(embedder.embed(['a']), failsAs('unusable', words));
  assert.equal(problems.length, 1);
  await embedder.close?.();
});

test('what is no encoder is refused when it is imported, with the reason', async () => {
  const folder = join(home, 'files');
  writeSmallEncoder(folder);
  const wanted = { home, folder, id: 'small', pooling: 'cls' } as const;
  writeFileSync(join(folder, 'tokenizer.json'), '{"model":{"type":"Nonsense"}}');
  await assert.rejects(importEncoder(wanted, probe), failsAs('unusable', /tokenizer\.json is not understood/));
  writeFileSync(join(folder, 'tokenizer.json'), smallEncoder().tokenizer);
  writeFileSync(join(folder, 'model_quantized.onnx'), 'not a model');
  await assert.rejects(importEncoder(wanted, probe), failsAs('unusable', /ONNX file does not load/));
  rmSync(join(folder, 'model_quantized.onnx'));
  await assert.rejects(importEncoder(wanted, probe), failsAs('missing', /has no model_quantized\.onnx/));
  assert.equal(existsSync(encoderPaths(home, 'small').record), false);
});

test('a model is fetched, checked and installed; the second time nothing is fetched', async () => {
  const server = await startFileServer();
  const small = smallEncoder();
  const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
  server.files.set('/onnx/model', { body: small.model, cutAfter: [2000] });
  server.files.set('/tokenizer', { body: Buffer.from(small.tokenizer) });
  const tokenizer = Buffer.from(small.tokenizer);
  const model: EncoderModel = {
    id: 'small',
    pooling: 'mean',
    maxTokens: 64,
    threshold: 0.9,
    licence: 'MIT',
    files: [
      {
        name: 'model_quantized.onnx',
        url: `${server.base}/onnx/model`,
        bytes: small.model.length,
        sha256: sha256(small.model),
      },
      { name: 'tokenizer.json', url: `${server.base}/tokenizer`, bytes: tokenizer.length, sha256: sha256(tokenizer) },
    ],
  };
  const deps = { fetch, disk: nodeDownloadDisk, wait: async () => undefined, idleMs: 10_000, probe: believed };
  const progress: [number, number][] = [];
  const { signal } = new AbortController();
  const record = await fetchEncoder(deps, { home, model, signal, onProgress: (...now) => progress.push(now) });
  assert.deepEqual([record.source, record.dimensions, record.threshold], ['pinned', 32, 0.9]);
  const total = small.model.length + tokenizer.length;
  assert.deepEqual(progress.at(-1), [total, total]);
  assert.equal(server.requests.length, 3);
  assert.deepEqual(readFileSync(encoderPaths(home, 'small').model), small.model);
  await fetchEncoder(deps, { home, model, signal, onProgress: () => undefined });
  assert.equal(server.requests.length, 3);
  await server.close();
});

test('a record that is damaged is no record', async () => {
  const paths = encoderPaths(home, 'small');
  mkdirSync(paths.folder, { recursive: true });
  assert.equal(await readEncoderRecord(paths), undefined);
  for (const text of ['{', '{"id":"small"}']) {
    writeFileSync(paths.record, text);
    assert.equal(await readEncoderRecord(paths), undefined);
  }
});

test('a thread that ends is told, and not started again before a pause', async () => {
  const record = await imported();
  const timers: (() => void)[] = [];
  const problems: string[] = [];
  let spawned = 0;
  let end: (reason: string) => void = () => undefined;
  let reply: (reply: EncoderReply) => void = () => undefined;
  const embedder = createOnnxEmbedder({
    record,
    paths: encoderPaths(home, 'small'),
    runtimePath,
    spawn: () => {
      spawned++;
      return {
        send: ({ id, texts }) => {
          if (spawned > 1) reply({ id, vectors: texts.map(() => new Float32Array([1])) });
        },
        onReply: (listener) => {
          reply = listener;
        },
        onEnd: (listener) => {
          end = listener;
        },
        terminate: async () => undefined,
      };
    },
    startTimer: (_ms, fire) => {
      timers.push(fire);
      return () => undefined;
    },
    onProblem: (message) => problems.push(message),
  });
  const asked = embedder.embed(['a']);
  end('out of memory');
  await assert.rejects(asked, failsAs('unusable', /out of memory/));
  await assert.rejects(embedder.embed(['a']), failsAs('unusable', /out of memory/));
  assert.deepEqual([spawned, problems], [1, ['out of memory']]);
  timers.at(-1)?.();
  assert.deepEqual(await embedder.embed(['a']), [new Float32Array([1])]);
  await embedder.close?.();
});

test('pooling takes the mean of all tokens, or the first', () => {
  const states = new Float32Array([3, 4, 1, 0]);
  assert.deepEqual(pooled(states, 2, 'cls'), new Float32Array([0.6, 0.8]));
  assert.deepEqual(pooled(states, 2, 'mean'), normalised(new Float32Array([4, 4])));
  assert.throws(() => normalised(new Float32Array(2)), /without length/);
});

test('every model that can be fetched is pinned to a revision, a size and a hash', () => {
  const files = encoderModels.flatMap((model) => model.files);
  assert.equal(files.length, 4);
  for (const { url, sha256, bytes } of files) {
    assert.match(url, /^https:\/\/huggingface\.co\/Xenova\/[\w.-]+\/resolve\/[0-9a-f]{40}\//);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.ok(bytes > 500_000);
  }
  assert.equal(new Set(files.map(({ sha256 }) => sha256)).size, files.length);
});
