import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits, as 43 characters that need no escaping in a URL, a header or a shell. */
export function newToken(random: (size: number) => Uint8Array = randomBytes): string {
  return `tg_${Buffer.from(random(32)).toString('base64url')}`;
}

/** Equal, in a time that tells nothing about where two tokens differ. */
export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

/** Finds what a token stands for. Looks up by digest, so that the time taken tells nothing about the tokens. */
export interface TokenIndex<T> {
  set(token: string, value: T): void;
  delete(token: string): void;
  get(token: string): T | undefined;
}

export function createTokenIndex<T>(): TokenIndex<T> {
  const values = new Map<string, T>();
  const digest = (token: string): string => hash('sha256', token, 'base64');
  return {
    set: (token, value) => values.set(digest(token), value),
    delete: (token) => values.delete(digest(token)),
    get: (token) => values.get(digest(token)),
  };
}
