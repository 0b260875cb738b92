// The token worker: its own bundle and thread, so that neither a vocabulary nor a long count is on anybody's event loop.
import { parentPort } from 'node:worker_threads';
import { countText } from './countText.ts';
import { type CountPiece, type Encoding, loadEncoding } from './encodings.ts';
import { type CountReply, type CountRequest, isCountRequest } from './tokenWorker.ts';

function createAnswer(): (request: CountRequest) => Promise<CountReply> {
  const loaded = new Map<Encoding, Promise<CountPiece>>();
  return async ({ id, encoding, texts }) => {
    const loading = loaded.get(encoding) ?? loadEncoding(encoding);
    loaded.set(encoding, loading);
    try {
      const countPiece = await loading;
      return { id, counts: texts.map((text) => countText(text, countPiece)) };
    } catch (error) {
      return { id, failure: error instanceof Error ? error.message : String(error) };
    }
  };
}

const port = parentPort;
if (port !== null) {
  const answer = createAnswer();
  port.on('message', (message: unknown) => {
    if (isCountRequest(message)) void answer(message).then((reply) => port.postMessage(reply));
  });
}
