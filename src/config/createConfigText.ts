/** The text a new `tollgate.jsonc` begins with. */
export function createConfigText(): string {
  return `{
  // Tollgate: what this workspace's LLM calls may use and cost. Keys do not belong in this file:
  // store them with "Tollgate: Set Provider Key" and refer to them as "secret:NAME".
  "version": 1,

  // Names that programs use instead of model ids. The first target is what a program uses without Tollgate.
  "aliases": {},

  // Answers that may be reused, for the same terminal, task or debug session.
  //   exact: the very same request; semantic: the same question in other words.
  //   off | shadow (only counts what it would have saved) | on | auto (exact only: on for temperature 0 or a seed)
  "cache": {
    "exact": { "mode": "auto" },
    "semantic": { "mode": "shadow" }
  },

  // Spending limits, for example:
  //   { "scope": "workspace", "limitUsd": 20, "window": "month", "warnAt": [0.5, 0.8], "onExceed": "block" }
  "budgets": []
}
`;
}
