import { createHmac } from 'node:crypto';

/**
 * A stable name for a value that must not be stored: HMAC-SHA-256 with the installation's own key, so that it can be
 * neither looked up nor joined with another installation's records.
 */
export function pseudonym(key: Uint8Array, value: string): string {
  return createHmac('sha256', key).update(value, 'utf8').digest('base64url').slice(0, 22);
}
