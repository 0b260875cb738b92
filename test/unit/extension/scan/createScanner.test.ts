import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScanner, type ScanThread } from '../../../../src/extension/scan/createScanner.ts';
import type { ScanJob, ScanReply, ScanRequest } from '../../../../src/extension/scan/scanMessages.ts';

const job: ScanJob = { folder: '/w', exclude: [], aliases: {}, overrides: {}, prices: undefined };
const progress = { seen: 1, done: 1, findings: 0, walked: true };

/** A scanner whose threads answer when the test says so. */
function scene() {
  const threads: { sent: ScanRequest[]; reply: (reply: ScanReply) => void; end: (reason: string) => void }[] = [];
  const timers: { run: () => void; stopped: boolean }[] = [];
  let terminated = 0;
  const scanner = createScanner({
    spawn: (): ScanThread => {
      const thread = { sent: [] as ScanRequest[], reply: (_: ScanReply) => {}, end: (_: string) => {} };
      threads.push(thread);
      return {
        send: (request) => thread.sent.push(request),
        onReply: (listener) => {
          thread.reply = listener;
        },
        onEnd: (listener) => {
          thread.end = listener;
        },
        terminate: () => {
          terminated++;
        },
      };
    },
    idleMs: 1000,
    startTimer: (run) => {
      const timer = { run, stopped: false };
      timers.push(timer);
      return {
        dispose: () => {
          timer.stopped = true;
        },
      };
    },
  });
  return { scanner, threads, timers, terminated: () => terminated };
}

const live = new AbortController().signal;

test('one thread serves all requests; replies find theirs by number', async () => {
  const { scanner, threads } = scene();
  const got: string[] = [];
  const first = scanner.scan(job, live, (reports) => got.push(`first ${reports.length}`));
  const second = scanner.findAliases(job, ['cheap'], live);
  assert.equal(threads.length, 1);
  const [thread] = threads;
  assert.deepEqual(
    thread?.sent.map(({ kind, id }) => `${kind} ${id}`),
    ['scan 1', 'aliases 2'],
  );
  const hit = { path: '/w/a.py', alias: 'cheap', start: { line: 0, col: 1 }, end: { line: 0, col: 6 } };
  thread?.reply({ kind: 'hits', id: 2, hits: [hit] });
  thread?.reply({ kind: 'done', id: 2 });
  assert.deepEqual(await second, [hit]);
  thread?.reply({ kind: 'reports', id: 1, reports: [], progress });
  thread?.reply({ kind: 'done', id: 1 });
  await first;
  assert.deepEqual(got, ['first 0']);
});

test('what fails in the thread, and a thread that ends, reject; the next request starts another', async () => {
  const { scanner, threads } = scene();
  const failing = scanner.findAliases(job, [], live);
  threads[0]?.reply({ kind: 'failed', id: 1, message: 'no grammar' });
  await assert.rejects(failing, /no grammar/);
  const ending = scanner.findAliases(job, [], live);
  threads[0]?.end('out of memory');
  await assert.rejects(ending, /The scan ended: out of memory/);
  const next = scanner.findAliases(job, [], live);
  assert.equal(threads.length, 2);
  threads[1]?.reply({ kind: 'done', id: 3 });
  assert.deepEqual(await next, []);
});

test('an abort is sent on, and one that came before starts nothing', async () => {
  const { scanner, threads } = scene();
  const controller = new AbortController();
  const running = scanner.scan(job, controller.signal, () => {});
  controller.abort();
  assert.deepEqual(threads[0]?.sent.at(-1), { kind: 'cancel', id: 1 });
  threads[0]?.reply({ kind: 'done', id: 1 });
  await running;
  await scanner.scan(job, controller.signal, () => {});
  assert.equal(threads[0]?.sent.length, 2);
});

test('an idle thread is ended, one at work is not', async () => {
  const { scanner, threads, timers, terminated } = scene();
  const first = scanner.scan(job, live, () => {});
  threads[0]?.reply({ kind: 'done', id: 1 });
  await first;
  const second = scanner.scan(job, live, () => {});
  assert.deepEqual(
    timers.map(({ stopped }) => stopped),
    [true],
  );
  threads[0]?.reply({ kind: 'done', id: 2 });
  await second;
  timers[1]?.run();
  assert.equal(terminated(), 1);
  void scanner.scan(job, live, () => {});
  assert.equal(threads.length, 2);
});
