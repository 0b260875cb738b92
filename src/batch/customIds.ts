import { createHash } from 'node:crypto';

/** Accepted by every provider: Anthropic's rule `^[a-zA-Z0-9_-]{1,64}$`; OpenAI documents none. */
export const customIdPattern = /^[a-zA-Z0-9_-]{1,64}$/;

const maxLength = 64;

/** What every id of a job begins with, where the provider's batch has no other place for the job's own id. */
export function jobMark(jobId: string): string {
  return `t${createHash('sha256').update(jobId).digest('hex').slice(0, 12)}_`;
}

/**
 * Names the items of one job: valid, unique, and as near to what was wished for as that allows. The same wishes in the
 * same order give the same ids.
 * @param prefix of characters that `customIdPattern` allows
 */
export function createCustomIds(prefix = ''): (wished: string) => string {
  const taken = new Set<string>();
  const lastSuffix = new Map<string, number>();
  return (wished) => {
    const base = prefix + (customIdPattern.test(wished) ? wished : slug(wished)).slice(0, maxLength - prefix.length);
    let id = base;
    let suffix = lastSuffix.get(base) ?? 1;
    while (taken.has(id)) {
      suffix += 1;
      const ending = `-${suffix}`;
      id = base.slice(0, maxLength - ending.length) + ending;
    }
    lastSuffix.set(base, suffix);
    taken.add(id);
    return id;
  };
}

function slug(wished: string): string {
  const cleaned = wished
    .slice(0, 4 * maxLength)
    .replaceAll(/[^a-zA-Z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, maxLength);
  return cleaned === '' ? 'item' : cleaned;
}
