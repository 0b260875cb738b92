/** Calls `fire` after `ms`; the result cancels it. */
export type StartTimer = (ms: number, fire: () => void) => () => void;

/** The pieces of a response body; throws when the sender is silent for `idleMs`, instead of waiting for ever. */
export async function* unlessSilent(
  body: ReadableStream<Uint8Array> | null,
  idleMs: number,
  startTimer: StartTimer,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      let cancel = (): void => undefined;
      const silence = new Promise<never>((_, reject) => {
        cancel = startTimer(idleMs, () => reject(new Error(`no data for ${idleMs} ms`)));
      });
      const piece = await Promise.race([reader.read(), silence]).finally(cancel);
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    await reader.cancel();
  }
}
