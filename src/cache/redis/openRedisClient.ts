import type { RedisConnection } from './redisLink.ts';

const connectMs = 2_000;
const firstRetryMs = 200;
const longestRetryMs = 10_000;

/**
 * A client that connects by itself and again when it was cut off. The library is loaded here, so that only those who share a
 * cache pay for it. TLS with `rediss:`, user and password from the address.
 */
export async function openRedisClient(url: string): Promise<RedisConnection> {
  const { createClient } = await import('redis');
  const client = createClient({
    url,
    RESP: 2,
    // What cannot be sent now is not wanted later: the call has gone on.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: connectMs,
      reconnectStrategy: (retries: number) => Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(retries, 10)),
    },
  });
  const errorListeners: ((error: unknown) => void)[] = [];
  client.on('error', (error: unknown) => {
    for (const listener of errorListeners) listener(error);
  });
  // It tries until it is closed; each failure is told to the listeners.
  client.connect().catch((error: unknown) => {
    for (const listener of errorListeners) listener(error);
  });
  return {
    send: (command) => client.sendCommand([...command]),
    get isReady() {
      return client.isReady;
    },
    onReady: (listener) => void client.on('ready', listener),
    onError: (listener) => errorListeners.push(listener),
    close: () => client.destroy(),
  };
}
