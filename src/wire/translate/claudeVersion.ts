/** `claude-sonnet-4-5-20250929` → 4.5; undefined where a model id has no version. */
export function claudeVersion(model: string): number | undefined {
  const found = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2})(?!\d))?(?!\d)/.exec(model);
  return found === null ? undefined : Number(`${found[1]}.${found[2] ?? 0}`);
}

/** Adaptive thinking came with 4.6, and fixed budgets went with 5; older models know only budgets. */
export function thinksAdaptively(model: string): boolean {
  return (claudeVersion(model) ?? Number.POSITIVE_INFINITY) >= 4.6;
}

/** `role: "system"` within a conversation (platform.claude.com, what's new in Claude Opus 4.8). */
export function takesSystemTurns(model: string): boolean {
  return (claudeVersion(model) ?? Number.POSITIVE_INFINITY) >= 4.8;
}
