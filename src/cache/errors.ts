/** What the user reads when the cache is in trouble. Never names a prompt. */
export function damagedEntry(): string {
  return 'A kept answer could not be read and was removed from the answer cache. It will be asked again.';
}

export function cacheUnusable(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `The answer cache cannot use its database (${reason}). Calls go on without it; clear the cache, or free disk space.`;
}

export function embedderFailed(embedderId: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `The embedder ${embedderId} gives no vectors (${reason}). Until it does, the cache matches the same words only; check "cache.semantic.embedder" in tollgate.jsonc.`;
}
