import type { Call } from './call.ts';
import type { OpenedStream } from './openStream.ts';
import { UpstreamFailed } from './upstreamFailed.ts';

/** Longer answers are passed on as they come: nobody waits for a check of that much. */
const maxHeldBytes = 8 * 1024 * 1024;

/** Reads a stream to its end before any of it goes to the client; what then is passed on is the same to the byte. */
export async function holdStream(call: Call, stream: OpenedStream): Promise<OpenedStream> {
  const begun = [...stream.begun];
  const { clock } = call.deps;
  const waitedFrom = clock.monotonicMs();
  let held = begun.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  try {
    while (held <= maxHeldBytes) {
      const next = await stream.rest.next();
      if (next.done === true) return { ...stream, begun, rest: ended };
      begun.push(next.value);
      held += next.value.byteLength;
      stream.reader.push(next.value);
    }
    return { ...stream, begun };
  } catch (error) {
    if (!(error instanceof UpstreamFailed)) throw error;
    return { ...stream, begun, rest: brokenBy(error) };
  } finally {
    call.facts.upstreamMs += clock.monotonicMs() - waitedFrom;
  }
}

const ended: AsyncIterator<Uint8Array> = { next: () => Promise.resolve({ done: true, value: undefined }) };

function brokenBy(error: UpstreamFailed): AsyncIterator<Uint8Array> {
  return { next: () => Promise.reject(error) };
}
