import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes, or until `until` is seen. */
export function exchange(port: number, text: string, until?: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const done = (): void => {
      socket.destroy();
      const end = received.indexOf('\r\n\r\n');
      const head = received.slice(0, end);
      resolve({ status: Number(head.split(' ')[1]), head, body: received.slice(end + 4) });
    };
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(text, 'latin1'));
    socket.on('data', (piece: string) => {
      received += piece;
      if (until !== undefined && received.includes(until)) done();
    });
    socket.on('close', done);
    socket.on('error', (error) => (received === '' ? reject(error) : done()));
  });
}

/** A connection that has been made and written to, to be ended by the test. */
export function openConnection(port: number, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, 'latin1', () => resolve(socket));
    });
    socket.on('error', reject);
  });
}

/** A request as text; `connection: close` is added so that the answer has an end. */
export function requestText(line: string, headers: readonly string[], body = ''): string {
  return [line, 'connection: close', ...headers, '', body].join('\r\n');
}
