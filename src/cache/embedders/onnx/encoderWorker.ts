// The encoder's thread: its own bundle, because the runtime is large and a long text takes a while.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { brotliDecompress } from 'node:zlib';
import { encoderErrors } from './encoderErrors.ts';
import { type EncoderReply, type EncoderStart, isEncodeRequest, isEncoderStart } from './encoderMessages.ts';
import { createSentenceEncoder, type SentenceEncoder } from './sentenceEncoder.ts';

async function readRuntime(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return path.endsWith('.br') ? promisify(brotliDecompress)(bytes) : bytes;
}

/** The file's bytes, where they are still those that were installed. */
async function readChecked(path: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw encoderErrors.unreadable(path, error);
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw encoderErrors.changed(path, found, sha256);
  return bytes;
}

async function load(start: EncoderStart): Promise<SentenceEncoder> {
  const [runtime, model, tokenizer] = await Promise.all([
    readRuntime(start.runtimePath),
    readChecked(start.modelPath, start.modelSha256),
    readChecked(start.tokenizerPath, start.tokenizerSha256),
  ]);
  return createSentenceEncoder({ runtime, model, tokenizer: tokenizer.toString('utf8') }, start);
}

async function answer(encoder: SentenceEncoder, id: number, texts: readonly string[]): Promise<EncoderReply> {
  try {
    const vectors: (Float32Array | null)[] = [];
    for (const text of texts) vectors.push((await encoder.encode(text)) ?? null);
    return { id, vectors };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

const port = parentPort;
if (port !== null && isEncoderStart(workerData)) {
  const tell = (reply: EncoderReply): void => port.postMessage(reply);
  const loading = load(workerData);
  loading.then(
    ({ dimensions }) => tell({ ready: true, dimensions }),
    (error: unknown) => tell({ failed: error instanceof Error ? error.message : String(error) }),
  );
  // One after another: the runtime takes one text at a time.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: unknown) => {
    if (!isEncodeRequest(message)) return;
    last = Promise.all([loading, last]).then(
      async ([encoder]) => tell(await answer(encoder, message.id, message.texts)),
      (error: unknown) => tell({ id: message.id, failure: error instanceof Error ? error.message : String(error) }),
    );
  });
}
