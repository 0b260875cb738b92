import type { Server } from 'node:http';
import { badPort, portTaken } from '../errors.ts';

/** Above 1023, from the WHATWG list: browsers and Node's `fetch` refuse to connect (https://fetch.spec.whatwg.org/#port-blocking). */
const refusedByFetch: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** A port that a client's `fetch` will connect to, and that needs no privileges. */
export function isUsablePort(port: number): boolean {
  return Number.isInteger(port) && port > 1023 && port < 65536 && !refusedByFetch.has(port);
}

/** Listens on 127.0.0.1 at `port`; false when somebody else has it. Rejects for every other reason. */
export function listenAt(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host: '127.0.0.1', port, exclusive: true });
  });
}

/** Listens at `preferred` where it is free, else at any usable port. Returns the port. */
export async function listenSomewhere(server: Server, preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && isUsablePort(preferred) && (await listenAt(server, preferred))) return preferred;
  for (;;) {
    await listenAt(server, 0);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    if (isUsablePort(port)) return port;
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Listens at exactly `wanted` where it is given. Rejects with `ServiceStartFailed`. */
export async function listenForService(
  server: Server,
  wanted: number | undefined,
  remembered: number | undefined,
): Promise<number> {
  if (wanted === undefined) return listenSomewhere(server, remembered);
  if (!isUsablePort(wanted)) throw badPort(wanted);
  if (!(await listenAt(server, wanted))) throw portTaken(wanted);
  return wanted;
}
