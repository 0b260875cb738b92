// The least that a Node proxy over undici does: it forwards, and knows nothing of what. `node undiciProxy.mjs PORT ORIGIN`
import http from 'node:http';
import { Pool } from 'undici';

const [port, origin] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 256, pipelining: 1 });
const forHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'expect']);
const passed = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !forHop.has(name)));

const server = http.createServer((request, response) => {
  const asked = { path: request.url, method: request.method, headers: passed(request.headers), body: request };
  pool.stream(
    asked,
    ({ statusCode, headers }) => response.writeHead(statusCode, passed(headers)),
    (error) => {
      if (error && !response.headersSent) response.writeHead(502).end();
    },
  );
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
