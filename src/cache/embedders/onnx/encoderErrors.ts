import type { EncoderFile } from './encoderModels.ts';

export type EncoderProblem =
  | 'cancelled'
  | 'diskFull'
  | 'httpStatus'
  | 'interrupted'
  | 'insecure'
  | 'missing'
  | 'unreadable'
  | 'unusable'
  | 'wrongContent';

/** Why an encoder could not be brought here or used, in words for the user. */
export class EncoderFailed extends Error {
  static is(error: unknown, problem?: EncoderProblem): error is EncoderFailed {
    return error instanceof EncoderFailed && (problem === undefined || error.problem === problem);
  }

  override readonly name = 'EncoderFailed';
  readonly problem: EncoderProblem;

  constructor(problem: EncoderProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

const offline = 'or fetch the files on another machine and run “Tollgate: Import Embedding Model…”';

export const encoderErrors = {
  cancelled: () =>
    new EncoderFailed(
      'cancelled',
      'The download was cancelled. What has arrived is kept; the next one goes on from there.',
    ),
  diskFull: (folder: string, cause?: unknown) =>
    new EncoderFailed(
      'diskFull',
      `There is no room for the embedding model in ${folder}. Free disk space and run the command again; what has arrived is kept.`,
      { cause },
    ),
  httpStatus: (url: string, status: number) =>
    new EncoderFailed(
      'httpStatus',
      `${hostOf(url)} answered ${status} for ${nameOf(url)}. Try again later, ${offline}.`,
    ),
  interrupted: (url: string, cause?: unknown) =>
    new EncoderFailed(
      'interrupted',
      `The connection to ${hostOf(url)} broke off (${reasonOf(cause)}). Run the command again: it goes on where it stopped; ${offline}.`,
      { cause },
    ),
  insecure: (url: string) =>
    new EncoderFailed(
      'insecure',
      `${hostOf(url)} is not reached over https, so the download was not followed. Check the proxy of this network, ${offline}.`,
    ),
  wrongContent: ({ name, sha256, url }: EncoderFile, found: string) =>
    new EncoderFailed(
      'wrongContent',
      `${name} from ${hostOf(url)} is not the file that Tollgate knows (SHA-256 ${found}, expected ${sha256}), so it was deleted. If a proxy of this network changes downloads, ${offline.replace('or ', '')}; if the file was replaced at its source, update Tollgate.`,
    ),
  changed: (path: string, found: string, recorded: string) =>
    new EncoderFailed(
      'wrongContent',
      `${path} has changed since it was installed (SHA-256 ${found}, recorded ${recorded}), so it is not loaded. Run “Tollgate: Download Embedding Model…” or “Tollgate: Import Embedding Model…” again.`,
    ),
  missing: (id: string) =>
    new EncoderFailed(
      'missing',
      `The embedding model “${id}” is not installed. Run “Tollgate: Download Embedding Model…”, or set cache.semantic.embedder to "lexical".`,
    ),
  folderLacks: (folder: string, name: string) =>
    new EncoderFailed(
      'missing',
      `${folder} has no ${name}. An embedding model needs model_quantized.onnx (or model.onnx) and tokenizer.json in one folder.`,
    ),
  unreadable: (path: string, cause: unknown) =>
    new EncoderFailed(
      'unreadable',
      `${path} could not be read or written (${reasonOf(cause)}). Check its permissions.`,
      { cause },
    ),
  unusable: (what: string, cause?: unknown) =>
    new EncoderFailed(
      'unusable',
      `The embedding model cannot be used: ${what}. Import a sentence encoder in ONNX form with its tokenizer.json, or set cache.semantic.embedder to "lexical".`,
      { cause },
    ),
};

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause ?? 'no reason given');
  // fetch says "fetch failed" and puts the reason into the cause.
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
