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

export function sharedStoreUnreachable(name: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return `The team's cache at ${name} cannot be used (${reason}). Calls go on without it and use it again when it answers; check "cache.store" in tollgate.jsonc.`;
}

export function sharedStoreSlow(name: string, waitedMs: number): string {
  return `The team's cache at ${name} did not answer within ${Math.ceil(waitedMs)} ms. Calls go on without it and use it again when it answers.`;
}

export function sharedStoreTooOld(name: string): string {
  return `The team's cache at ${name} has no vector sets. Use Redis 8 or newer; until then only identical requests and the same words are found there.`;
}

export function sharedStoreAnswersAgain(name: string): string {
  return `The team's cache at ${name} answers again.`;
}

export function sealKeyMissing(reference: string, isShort: boolean): string {
  const what = isShort ? 'is shorter than 32 characters' : 'is not there';
  return `The answer cache is off: its key ${reference} of "cache.store.key" in tollgate.jsonc ${what}. Store 32 random characters or more with “Tollgate: Set Provider Key…”, or set the environment variable where Tollgate's service starts. Nothing is kept or served until then.`;
}

export function sharedStoreUrlMissing(reference: string): string {
  return `The address of the team's cache is not known: ${reference} of "cache.store.url" in tollgate.jsonc is not set, or is no redis:// or rediss:// address. Set the environment variable where Tollgate's service starts, or store the secret with “Tollgate: Set Provider Key…”.`;
}

/** The call was served all the same. */
export function watchingFailed(error: unknown): string {
  const name = error instanceof Error ? error.name : 'unknown error';
  return `Looking for what the cache could have answered failed (${name}). Calls are served as before; set \`cache.semantic.mode\` to \`off\` to stop it.`;
}
