import type { SpendingObjection } from './job.ts';

/** Why a prompt file is not sent: what the user reads in the plan, each with its remedy. */
export const refusals = {
  notFound: () => 'The file does not exist.',
  unreadable: (detail: string) => `The file cannot be read (${detail}).`,
  notAFile: () => 'This is no regular file.',
  notAbsolute: () => 'The path is not absolute.',
  notAPrompt: (name: string) =>
    `${name} is not a prompt file. Prompt files end in .md, .txt, .prompt, .prompty, .prompt.md or .prompt.yml, or are promptfoo configurations; request sets are batch .jsonl of OpenAI or Anthropic, or Anthropic's .json.`,
  isResult: () => 'This is a result of an earlier batch job.',
  noPromptsIn: (what: 'folder' | 'pattern') => `There is no prompt file in this ${what}.`,
  notAMessageSet: () =>
    'A .json file is a prompt file only as a set of Anthropic batch requests: {"requests": [{"custom_id", "params"}]}.',
  notAPromptYml: () =>
    'This is no prompt: `messages` must be a list of `role` and `content` (.prompt.yml of GitHub Models).',
  notPromptfoo: () =>
    'A .yaml file is a prompt file only as .prompt.yml (GitHub Models) or as a promptfoo configuration (`prompts` and `providers`).',
  promptfoo: (what: string) => `Not taken from a promptfoo configuration: ${what}. Write it out, or leave it out.`,
  promptfooFile: (name: string) =>
    `Not taken from a promptfoo configuration: ${name}. Files of text, JSON, YAML and CSV are read; programs, patterns and what is on the web are not. Write its values into the file, or leave it out.`,
  promptfooFileGone: (name: string) => `There is no file ${name} beside the promptfoo configuration.`,
  promptfooProvider: (id: string) =>
    `The promptfoo provider \`${id}\` is no model that can be batched. Use openai:…, anthropic:messages:…, or another provider of tollgate.jsonc.`,
  yaml: (detail: string) => `The file is not valid YAML: ${detail}`,
  rowFile: (key: string) =>
    `\`${key}\` must be a map of values, a list of such maps, or the path of a .csv, .tsv, .jsonl or .json file of rows.`,
  rowFileGone: (path: string) => `The file of values ${path} does not exist beside the prompt.`,
  rowFileTooLarge: (bytes: number, limit: number) =>
    `The file of values is ${megabytes(bytes)}; as .json it may have ${megabytes(limit)}. Use .jsonl.`,
  rowFileNotAList: () => 'The .json file of values is no list of objects.',
  csv: (path: string, detail: string) => `${path} is no valid CSV: ${detail}`,
  noRows: () => 'The file of values has no rows.',
  outputSchema: (key: string) => `\`${key}\` is neither JSON Schema nor a schema that can be written as one.`,
  tooLarge: (bytes: number, limit: number) =>
    `The file is ${megabytes(bytes)}; a prompt file may have ${megabytes(limit)}. Split it.`,
  lineTooLarge: (bytes: number, limit: number) =>
    `The request is ${megabytes(bytes)}; a whole batch may have ${megabytes(limit)}. Shorten it.`,
  binary: () => 'The file is binary, or not UTF-8 text. Save it as UTF-8.',
  empty: () => 'The prompt is empty.',
  frontMatter: (detail: string) => `The front matter is not valid YAML: ${detail}`,
  frontMatterNotAMap: () => 'The front matter is not a list of `key: value` lines.',
  setting: (key: string, expected: string) => `\`${key}\` must be ${expected}.`,
  unfilled: (names: readonly string[]) =>
    `No value for ${names.map((name) => `{{${name}}}`).join(', ')}. Give values or defaults in the front matter (\`variables:\`).`,
  editorVariable: (text: string) =>
    `${text} is filled in by an editor, not in a batch. Write its value into the prompt.`,
  templateSyntax: (text: string) =>
    `The template uses ${text}, which a batch does not evaluate. Write the prompt out, or use plain {{name}} variables.`,
  completionApi: (api: string) => `The file asks for the ${api} API; batches of prompt files are chat completions.`,
  unknownRole: (role: string) => `\`${role}\` is no role of a chat message. Use system, user or assistant.`,
  noJsonWord: () =>
    'A JSON answer is asked for, but the prompt never says "JSON": the provider refuses such requests. Say it in the prompt.',
  noModel: () =>
    'No model: name one in the front matter (`model: gpt-4o-mini`, or an alias), or set a default model in the settings.',
  notAModelId: (model: string) =>
    `\`${model}\` is not a model id or an alias. Use the provider's own name of the model.`,
  unknownProvider: (model: string, provider: string) =>
    `\`${model}\` belongs to provider \`${provider}\`, which is not configured. Add it under \`providers\` in tollgate.jsonc, or choose another model.`,
  demoDialect: (model: string, provider: string) =>
    `\`${model}\` belongs to \`${provider}\`, the demo provider in Anthropic's dialect, which answers no batches. Choose a demo provider of the OpenAI dialect.`,
  noBatchApi: (model: string, provider: string) =>
    `\`${model}\` belongs to \`${provider}\`, whose batch API Tollgate does not speak. Choose a model of another provider.`,
  aliasWithoutTarget: (alias: string) => `The alias \`${alias}\` has no target. Give it one in tollgate.jsonc.`,
  aboveAliasLimit: (alias: string, tokens: number, limit: number) =>
    `The prompt has ${tokens} tokens; the alias \`${alias}\` allows ${limit} (maxInputTokens). Shorten it or use another alias.`,
  aboveContext: (model: string, tokens: number, limit: number) =>
    `The prompt has ${tokens} tokens; ${model} takes ${limit}. Shorten it or use a model with a larger context.`,
  notConfigured: () => 'This workspace has no configuration. Open its folder in a trusted window and try again.',
  rows: (problems: readonly string[], more: number) =>
    `${problems.join(' ')}${more > 0 ? ` ${more} more such ${more === 1 ? 'line' : 'lines'}.` : ''}`,
  row: (line: number, what: string) => `Line ${line}: ${what}`,
  rowNotJson: () => 'not a JSON object.',
  rowNotARequest: () =>
    'not a batch request (`custom_id`, `method`, `url`, `body` for OpenAI; `custom_id`, `params` for Anthropic).',
  rowNoId: () => '`custom_id` is missing or not a text.',
  rowRepeatedId: (id: string, first: number) => `\`custom_id\` "${id}" is used in line ${first} already.`,
  rowMethod: () => '`method` must be "POST".',
  rowUrl: (allowed: readonly string[]) => `\`url\` must be one of ${allowed.join(', ')}.`,
  rowBody: () => '`body` is missing or no object.',
  rowStream: () => '`stream` cannot be true in a batch.',
  rowModel: (place: 'body' | 'params') => `\`${place}.model\` must be a text.`,
  rowParams: () => '`params` is no object.',
  rowSpeed: () => '`params.speed` is not taken in a batch. Leave it out.',
  rowMaxTokens: () => '`params.max_tokens` must be a whole number above 0.',
  rowMessages: () => '`params.messages` must be a list of at least one message.',
  otherDialect: (model: string, provider: string, isMessage: boolean) =>
    isMessage
      ? `a request for Anthropic's API, but \`${model}\` belongs to \`${provider}\`, which speaks OpenAI's. Name a model of an Anthropic provider.`
      : `a request for OpenAI's API, but \`${model}\` belongs to \`${provider}\`, which speaks Anthropic's. Write it as \`{"custom_id", "params"}\`, or name another model.`,
  otherEndpoint: (provider: string, endpoint: string, taken: readonly string[]) =>
    `the batches of \`${provider}\` take no requests to ${endpoint}, only to ${taken.join(', ')}.`,
  untranslatable: (model: string, field: string, reason: string) =>
    `\`${field}\` cannot be sent to ${model}: it ${reason}. Leave it out or use another model.`,
} as const;

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Why a job does not go on, and what would make it. Shown until it does. */
export const problems = {
  noConfig: () =>
    'The folder of this job is not open anywhere. Open it in a trusted window; the job goes on by itself.',
  providerGone: (provider: string) =>
    `Provider \`${provider}\` is no longer configured. Put it back into tollgate.jsonc; the job goes on by itself.`,
  providerMoved: (provider: string, then: string, now: string) =>
    `The job was sent to ${then}, but \`${provider}\` is ${now} now. Set its baseUrl back, or forget the job.`,
  noBatchApi: (provider: string) =>
    `Tollgate does not speak the batch API of \`${provider}\` as it is configured now. Set it back, or forget the job.`,
  noKey: (provider: string, reference: string) =>
    `The key \`${reference}\` of \`${provider}\` is not there. ${keyRemedy(provider, reference)}; what waits for it goes on by itself.`,
  keyRefused: (provider: string, status: number) =>
    `\`${provider}\` refused the key (HTTP ${status}). Store one that may use the batch API (\`apiKey\` of the provider in tollgate.jsonc names it); the job goes on by itself.`,
  transient: (provider: string, detail: string) => `No answer from \`${provider}\` (${detail}). Tollgate keeps trying.`,
  queueFull: (provider: string, detail: string) =>
    `The batch queue of \`${provider}\` is full: ${detail} Tollgate sends the job again later; cancel it if it need not be.`,
  queueHeld: (provider: string, tokens: number) =>
    `${tokens} tokens of earlier jobs wait at \`${provider}\`, and with this job's there would be more than it allows. It is sent when there is room.`,
  queueStayedFull: (provider: string, detail: string) =>
    `The batch queue of \`${provider}\` was full for a day: ${detail} Nothing was run or billed. Submit fewer prompts at a time.`,
  rejected: (provider: string, detail: string) =>
    `\`${provider}\` did not accept the job: ${detail} Nothing was run or billed. Correct it and submit again.`,
  batchFailed: (provider: string, errors: string) =>
    `\`${provider}\` refused the input: ${errors} Nothing was run or billed. Correct it and submit again.`,
  unexplainedFailure: (provider: string) =>
    `\`${provider}\` failed the job without a reason. Submit it again; if it fails again, ask the provider.`,
  inputGone: () =>
    'The file that was to be sent is gone from the data folder. Nothing was sent. Submit the prompts again.',
  cannotTell: (provider: string, detail: string) =>
    `The connection broke while the job was being created, and \`${provider}\` cannot list its batches (${detail}). Look at its dashboard: if the job is there, wait for it there; if not, submit the prompts again.`,
  lost: (provider: string, batchId: string) =>
    `\`${provider}\` no longer knows the batch ${batchId}, and lists none of this job under the present key. If the key belongs to another project than before, set the old one and collect again; else submit the prompts again.`,
  filesGone: (provider: string, fileIds: readonly string[]) =>
    `\`${provider}\` has no file ${fileIds.join(', ')} any more (result files are deleted after 30 days). What it held was billed but cannot be had; submit the missing prompts again if you need them.`,
  noFiles: (provider: string) =>
    `\`${provider}\` says that the job has answers, but names no file with them. Collect again later.`,
  download: (provider: string, detail: string) =>
    `The results could not be fetched from \`${provider}\` (${detail}). Tollgate keeps trying.`,
  disk: (code: string, path: string) =>
    `${code === 'ENOSPC' ? 'No space left' : `The disk says ${code}`} at ${path}. Free space or make it writable; Tollgate keeps trying.`,
  unexpected: (name: string) => `Something unexpected went wrong (${name}; see the log). Tollgate keeps trying.`,
} as const;

/** Stored keys are the editor's, and with the service only while a window of the folder is open. */
function keyRemedy(provider: string, reference: string): string {
  if (reference.startsWith('env:')) return `Set the variable ${reference.slice(4)} and restart the Tollgate service`;
  const variable = `${provider.toUpperCase().replaceAll(/\W/g, '_')}_API_KEY`;
  return `Open the folder in the editor and store it (Tollgate: Set Provider Key…), or, where there is no editor, give the provider \`"apiKey": "env:${variable}"\` in tollgate.jsonc and set that variable`;
}

/** Things to know about a job or a result that need no remedy. */
export const notes = {
  editedResult: (path: string, kept: string) => `${path} has the result: ${kept} was edited, or is not ours.`,
  folderGone: (path: string) => `The folder of the prompt is gone; the result is kept in ${path}.`,
  folderReadOnly: (code: string, path: string) =>
    `The folder of the prompt cannot be written (${code}); the result is kept in ${path}.`,
  notJson: () => 'The answer is not valid JSON, so it is kept as text.',
  unknownLines: (count: number) =>
    `${count} ${count === 1 ? 'line of the result files belongs' : 'lines of the result files belong'} to no item of this job.`,
  unreadableLines: (count: number) =>
    `${count} ${count === 1 ? 'line' : 'lines'} of the result files could not be read.`,
  repeatedLines: (count: number) =>
    `${count} ${count === 1 ? 'item was' : 'items were'} answered twice; the first answer is kept.`,
  cancelUnconfirmed: () =>
    'Tollgate was interrupted while it created the job, and cannot tell it from others until it has ended.',
  usageDiffers: (input: number, output: number, billedInput: number, billedOutput: number) =>
    `The provider counts ${billedInput} tokens in and ${billedOutput} out for the whole batch; its answers add up to ${input} and ${output}.`,
  expiring: (provider: string, date: string) =>
    `\`${provider}\` deletes the results of this job on ${date}, and they could not be fetched yet.`,
  overdue: (provider: string) =>
    `\`${provider}\` has had the job for more than a day. Tollgate goes on asking; cancel it to have what is answered, and resubmit the rest.`,
  cancelRefused: (detail: string) => `The provider did not cancel the job: ${detail}`,
} as const;

/** Why the one request that was tried has no answer. */
export const tryErrors = {
  auth: (provider: string, status: number) =>
    `\`${provider}\` refused the key (HTTP ${status}). Store one that may use this model and try again.`,
  notFound: (provider: string) => `\`${provider}\` knows no such model or endpoint (HTTP 404). Check the model id.`,
  rejected: (provider: string, status: number, detail: string) =>
    `\`${provider}\` refused the request (HTTP ${status}): ${detail} All requests of this shape would fail; correct it first.`,
  noAnswer: (provider: string, detail: string) => `No answer from \`${provider}\` (${detail}). Try again.`,
} as const;

/** Why one item of a job has no answer. */
export const itemErrors = {
  missing: () => 'The provider gave no answer and no error for it.',
  fileGone: () => "The provider's result file is gone.",
  notRunExpired: () => 'Not run before the time of the job was over. It was not billed; submit it again.',
  notRunCancelled: () => 'Not run before the job was cancelled.',
  notSent: () => 'Cancelled before it was sent.',
  jobFailed: () => 'The job failed before it was run.',
  status: (status: number, message: string) => (message === '' ? `HTTP ${status}` : `HTTP ${status}: ${message}`),
  code: (code: string, message: string) => [code, message].filter((part) => part !== '').join(': '),
} as const;

export type BatchErrorReason =
  | 'unknownPlan'
  | 'emptyPlan'
  | 'unknownJob'
  | 'stillRunning'
  | 'notStarted'
  | 'nothingToRepeat'
  | 'overLimit'
  | 'notTried';

/** A command that cannot be carried out. */
export class BatchError extends Error {
  static is(error: unknown, reason?: BatchErrorReason): error is BatchError {
    return error instanceof BatchError && (reason === undefined || error.reason === reason);
  }

  readonly reason: BatchErrorReason;

  constructor(reason: BatchErrorReason, message: string) {
    super(message);
    this.name = 'BatchError';
    this.reason = reason;
  }
}

export function unknownPlan(): BatchError {
  return new BatchError('unknownPlan', 'This plan is not known any more (plans are kept for a day). Plan again.');
}

export function emptyPlan(): BatchError {
  return new BatchError('emptyPlan', 'Nothing in this plan can be sent; see why each file was refused.');
}

export function unknownJob(): BatchError {
  return new BatchError('unknownJob', 'This job is not known. It may have been forgotten in another window.');
}

export function notTried(problem: string): BatchError {
  return new BatchError('notTried', problem);
}

export function overLimit({ message }: SpendingObjection): BatchError {
  return new BatchError('overLimit', message);
}

export function nothingToRepeat(): BatchError {
  return new BatchError('nothingToRepeat', 'Every prompt of this job was answered.');
}

export function stillRunning(): BatchError {
  return new BatchError(
    'stillRunning',
    'The job is still running and will be billed. Cancel it first, and forget it when it has ended.',
  );
}
