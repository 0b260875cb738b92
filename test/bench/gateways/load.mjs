// A client of many connections over bare sockets, so that it costs less than what it measures.
// `node load.mjs '{"port":…,"headers":{…},"model":…,"clients":16,"ms":2000}'` or `"requests":N` in place of `ms`; prints JSON.
// `stream: "20x5"` asks for 20 chunks, one each 5 ms; `bytes` for a prompt of that size.
import { connect } from 'node:net';

const {
  port,
  headers = {},
  model,
  clients,
  ms,
  requests = Number.POSITIVE_INFINITY,
  stream,
  bytes = 800,
} = JSON.parse(process.argv[2] ?? '{}');
const run = `${process.pid}-${Date.now()}`;
const filler = 'Boats, nets and baskets of fish stood on the quay. '.repeat(Math.ceil(bytes / 51)).slice(0, bytes);
const lines = Object.entries({ host: `127.0.0.1:${port}`, 'content-type': 'application/json', ...headers });
const head = `POST /v1/chat/completions HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`;
const flags = stream === undefined ? '' : `"stream":true,"stream_options":{"include_usage":true},"stop":"${stream}",`;
let serial = 1e9;
// Every body differs, so that no cache answers in the provider's place.
const message = () => {
  const body = `{"model":"${model}",${flags}"messages":[{"role":"system","content":"Answer in short sentences."},{"role":"user","content":"${run}-${serial++} ${filler}"}],"temperature":0.2,"max_tokens":256}`;
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const took = [];
const first = [];
let chunks = 0;
let failed = 0;
let sent = 0;
const startedAt = performance.now();
const isOver = () => sent >= requests || (ms !== undefined && performance.now() - startedAt >= ms);

function client() {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    let askedAt = 0;
    let answer = readAnswer();
    const ask = () => {
      if (isOver()) return resolve(socket.destroy());
      sent += 1;
      askedAt = performance.now();
      answer = readAnswer();
      socket.write(message());
    };
    socket.on('connect', ask).on('error', () => {
      failed += 1;
      resolve();
    });
    socket.on('close', () => resolve());
    socket.on('data', (piece) => {
      const now = performance.now();
      const state = answer(piece);
      if (state.first) first.push(now - askedAt);
      if (!state.done) return;
      took.push(now - askedAt);
      if (state.status !== 200) failed += 1;
      ask();
    });
  });
}

/** Follows one answer: by its length, else to the end of its chunks. */
function readAnswer() {
  let text = '';
  let left;
  let status = 0;
  let begun = false;
  return (piece) => {
    let body = piece;
    if (status === 0) {
      text += piece.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return { done: false };
      status = Number(text.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2));
      left = length === null ? undefined : Number(length[1]);
      body = Buffer.from(text.slice(end + 4), 'latin1');
    }
    if (stream !== undefined) chunks += countOf(body, 'data: ');
    const isFirst = !begun && body.length > 0;
    begun ||= isFirst;
    if (left === undefined) {
      text = (text.slice(-7) + body.toString('latin1')).slice(-7);
      return { first: isFirst, status, done: text.endsWith('0\r\n\r\n') && /(?:^|\n)0\r\n\r\n$/.test(text) };
    }
    left -= body.length;
    return { first: isFirst, status, done: left <= 0 };
  };
}

function countOf(bytes, text) {
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count += 1;
  return count;
}

await Promise.all(Array.from({ length: clients }, client));
const seconds = (performance.now() - startedAt) / 1000;
const sorted = (values) => values.sort((a, b) => a - b);
const at = (values, share) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
sorted(took);
sorted(first);
console.log(
  JSON.stringify({
    answers: took.length,
    failed,
    seconds,
    perSecond: took.length / seconds,
    chunks,
    chunksPerSecond: chunks / seconds,
    p50Ms: at(took, 0.5),
    p99Ms: at(took, 0.99),
    firstP50Ms: at(first, 0.5),
  }),
);
