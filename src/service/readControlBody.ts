import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { invalidRequest, notJsonRequest, requestTooLarge } from './errors.ts';
import { readWholeBody } from './http/readBody.ts';
import { parseJson } from './identity.ts';

const maxBytes = 4 * 1024 * 1024;

/** The JSON body as the schema has it. Throws `ControlRefused`. */
export async function readControlBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) throw notJsonRequest();
  const read = await readWholeBody(request, maxBytes);
  if (read.kind === 'tooLarge') throw requestTooLarge();
  const text = read.kind === 'whole' ? new TextDecoder().decode(read.bytes) : '';
  const body = parseJson(text, schema);
  if (body === undefined) throw invalidRequest('body');
  return body;
}
