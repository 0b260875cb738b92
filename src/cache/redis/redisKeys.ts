/**
 * Names of what is kept in Redis. All begin with one prefix, so that an ACL (`~team-a:*`) can give each team its own; none
 * holds anything of a prompt, because the rest are digests.
 */
export interface RedisKeys {
  /** String: an entry as JSON, gone when it expires. */
  entry(key: string): string;
  /** Sorted set of entry keys by the time they were made. */
  wording(wordingKey: string): string;
  /** Vector set; its elements are entry keys, with the time of expiry as attribute `exp`. */
  vectors(scope: string): string;
  /** Sorted set of a workspace's entry keys by the time they were made. */
  workspace(workspaceId: string): string;
  /** Sorted set by the time of expiry: what is to be taken out of sets, which Redis does not do by itself. */
  readonly expiry: string;
  /** Sorted set of entry keys by how often they were served. */
  readonly hits: string;
  /** Held by the one of the team that sweeps. */
  readonly sweeping: string;
}

export function redisKeys(prefix: string): RedisKeys {
  return {
    entry: (key) => `${prefix}:e:${key}`,
    wording: (wordingKey) => `${prefix}:w:${wordingKey}`,
    vectors: (scope) => `${prefix}:v:${scope}`,
    workspace: (workspaceId) => `${prefix}:i:${workspaceId}`,
    expiry: `${prefix}:expiry`,
    hits: `${prefix}:hits`,
    sweeping: `${prefix}:sweeping`,
  };
}
