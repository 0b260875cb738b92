import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { newToken } from '../service/randomToken.ts';
import { badArguments } from './errors.ts';

const shortestToken = 16;

/** The token in the file; where there is no file, one is made for its owner only, with a new token. */
export function readTokenFile(path: string): string {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${newToken()}\n`, { mode: 0o600, flag: 'wx' });
  }
  const token = readFileSync(path, 'utf8').trim();
  if (token.length < shortestToken)
    throw badArguments('serve', `The token in ${path} is shorter than ${shortestToken} characters`);
  return token;
}
