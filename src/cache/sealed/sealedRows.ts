import type { Seal } from './seal.ts';

/** An encrypted text begins so, and goes on with the key's id: no JSON does. */
export const sealedPrefix = 'sealed:';

type Row = Record<string, unknown>;

/** Texts and vectors as they are in the table: closed by a seal, or as they are. */
export interface SealedRows {
  /** @param place what the text is and of which entry: it opens nowhere else */
  closed(text: string, place: string): string;
  closedVector(bytes: Uint8Array, key: string): Uint8Array;
  /** The row with its texts opened; what does not open is empty, which no reader takes for an entry. */
  opened(row: Row): Row;
  openedVector(bytes: Uint8Array, key: string): Uint8Array;
}

export function rowsIn(seal: Seal | undefined): SealedRows {
  if (seal === undefined) {
    return {
      closed: (text) => text,
      closedVector: (bytes) => bytes,
      opened: (row) => row,
      openedVector: (bytes) => bytes,
    };
  }
  const prefix = `${sealedPrefix}${seal.keyId}:`;
  const openedText = (text: unknown, place: string): unknown => {
    if (text === null) return null;
    if (typeof text !== 'string' || !text.startsWith(prefix)) return '';
    const plain = seal.open(Buffer.from(text.slice(prefix.length), 'base64'), place);
    return plain === undefined ? '' : Buffer.from(plain).toString('utf8');
  };
  return {
    closed: (text, place) => `${prefix}${Buffer.from(seal.close(Buffer.from(text), place)).toString('base64')}`,
    closedVector: (bytes, key) => seal.close(bytes, `vector ${key}`),
    opened: (row) => ({
      ...row,
      answer: openedText(row.answer, `answer ${row.key}`),
      question: openedText(row.question, `question ${row.key}`),
    }),
    openedVector: (bytes, key) => seal.open(bytes, `vector ${key}`) ?? new Uint8Array(),
  };
}
