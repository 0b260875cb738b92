// A provider that answers at once: what a proxy adds is then all there is to see. `node provider.mjs PORT`
// POST: an SSE stream where the body asks for one, else a fixed chat completion. GET: how many POSTs have come.
import http from 'node:http';

const usage = {
  prompt_tokens: 57,
  completion_tokens: 81,
  total_tokens: 138,
  prompt_tokens_details: { cached_tokens: 0 },
};
const head = {
  created: 1795450000,
  model: 'gpt-4o-mini-2024-07-18',
  service_tier: 'default',
  system_fingerprint: 'fp_b',
};
const text = 'A harbour at dawn, with boats going out one after the other. '.repeat(6);
const reply = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    ...head,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, logprobs: null, finish_reason: 'stop' }],
    usage,
  }),
);
const chunkHead = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', ...head };
const chunk = (delta, finish) =>
  `data: ${JSON.stringify({ ...chunkHead, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })}\n\n`;
const ending = `${chunk({}, 'stop')}data: ${JSON.stringify({ ...chunkHead, choices: [], usage })}\n\ndata: [DONE]\n\n`;
let served = 0;

function stream(response, chunks, intervalMs) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  let sent = 0;
  const next = () => chunk({ content: `word${sent++} ` }, null);
  const flood = () => {
    while (sent < chunks) if (!response.write(next())) return response.once('drain', flood);
    response.end(ending);
  };
  if (intervalMs === 0) return flood();
  response.write(next());
  const timer = setInterval(() => {
    if (sent < chunks && !response.destroyed) return response.write(next());
    clearInterval(timer);
    response.end(ending);
  }, intervalMs);
}

const server = http.createServer((request, response) => {
  if (request.method === 'GET') return response.end(String(served));
  served += 1;
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces);
    if (!body.subarray(0, 4096).includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': reply.length });
      return response.end(reply);
    }
    const [chunks = 20, intervalMs = 5] = (/"stop":"(\d+)x(\d+)"/.exec(body.toString('latin1', 0, 4096)) ?? [])
      .slice(1)
      .map(Number);
    stream(response, chunks, intervalMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
