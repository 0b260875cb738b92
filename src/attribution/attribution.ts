/** Who and what a call is for, as it is recorded: every value has passed the PII guard, the user is a pseudonym. */
export interface Attribution {
  readonly feature?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** HMAC of the end user that the request names; never the name. */
  readonly userPseudonym?: string;
  readonly session?: string;
  readonly branch?: string;
  readonly commit?: string;
  /** One run of tests (`x-tollgate-test-run`): a spending limit may be for each. */
  readonly testRun?: string;
  /** `path:line:function`, relative to the workspace. */
  readonly callSite?: string;
  /** What the call is for, declared by the client (`x-tollgate-task`): routes match on it. */
  readonly task?: string;
  /** Product and version of the client, `OpenAI/JS 7.57.0`. */
  readonly client?: string;
}
