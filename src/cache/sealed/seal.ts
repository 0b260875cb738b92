import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what is kept, with AES-256-GCM. Bound to its place: a value that is moved to another row does not open. */
export interface Seal {
  /** Changes with the key; tells nothing of it. */
  readonly keyId: string;
  close(plain: Uint8Array, place: string): Uint8Array;
  /** Undefined where it was closed with another key, for another place, or was changed. */
  open(closed: Uint8Array, place: string): Uint8Array | undefined;
}

const nonceBytes = 12;
const tagBytes = 16;
/** 32 characters of a random key are enough to need no slow derivation; see `isLongEnough`. */
const shortestKey = 32;

export function isLongEnough(secret: string): boolean {
  return secret.length >= shortestKey;
}

/** @param secret at least 32 random characters */
export function createSeal(secret: string): Seal {
  const derived = (purpose: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'tollgate answer cache', purpose, length));
  const key = derived('key', 32);
  return {
    keyId: derived('name', 12).toString('base64url'),
    close(plain, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(place));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(closed, place) {
      if (closed.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, closed.subarray(0, nonceBytes));
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(closed.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(closed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      } catch (error) {
        // Node says no more than that the tag does not fit.
        if (error instanceof Error && /authenticate/.test(error.message)) return undefined;
        throw error;
      }
    },
  };
}
