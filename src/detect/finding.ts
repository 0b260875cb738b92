import type { ModelCall } from './calls/modelCall.ts';
import type { TextChange } from './kept/textEdit.ts';

/** UTF-16 offsets into the document, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A string in source that selects a model. */
export interface ModelMention {
  readonly kind: 'model';
  /** Without quotes. */
  readonly span: Span;
  /** The whole literal, with quotes and prefix: what an edit replaces. */
  readonly literal: Span;
  /** Decoded value. */
  readonly text: string;
  /** The call (or object) it stands in, to find the prompts of the same call. */
  readonly call?: Span;
  /** False where the literal cannot be replaced by an expression: front matter, JSON, a literal in a type. */
  readonly replaceable: boolean;
  /** The literal is an attribute of a JSX element: an expression in its place needs braces. */
  readonly inMarkup?: boolean;
}

/** An identifier that selects a model (`openai.GPT4o`, or a constant that holds a model id). */
export interface ModelConstant {
  readonly kind: 'const';
  readonly span: Span;
  readonly text: string;
  readonly call?: Span;
}

export interface StaticPart {
  readonly span: Span;
  /** Decoded value: escapes resolved, indentation removed where the language removes it. */
  readonly text: string;
}

/** A literal that is LLM input. */
export interface Prompt {
  readonly kind: 'prompt';
  /** The whole literal expression: quotes, prefixes and `+` chains. */
  readonly span: Span;
  readonly parts: readonly StaticPart[];
  /** Interpolations, in order. */
  readonly holes: readonly Span[];
  readonly role?: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  /** Sent once per session of a tool (`CLAUDE.md`), and not once per call. */
  readonly perSession?: true;
  readonly call?: Span;
}

export type Finding = ModelMention | ModelConstant | Prompt;

export interface SourceText {
  /** VS Code language id: `python`, `typescript`, `typescriptreact`, `javascript`, `javascriptreact`, `prompt`, `jsonl` … */
  readonly languageId: string;
  /** Workspace-relative or absolute; only its name and folders are looked at. */
  readonly path: string;
  readonly text: string;
  /** The text is part of a document (a notebook) that is about LLMs, whether or not this part says so. */
  readonly aboutLlm?: boolean;
}

/** A document that is open: what was read of it is kept, so that after an edit only what it touched is read again. */
export interface TrackedDocument {
  /**
   * Tells of an edit. Optional: what was not told of is found by comparing texts, which sees several edits as one large.
   * @param changes of one event: they do not overlap and are all in offsets of the text before
   */
  edit(changes: readonly TextChange[]): void;
  /** As the detector's own. */
  detect(source: SourceText): Promise<Finding[]>;
  calls(source: SourceText): Promise<ModelCall[]>;
  /** Lets go of what is kept. Detection still works afterwards and keeps nothing. */
  dispose(): void;
}

/** Finds mentions and prompts; findings are in document order. Made by `createDetector`. */
export interface Detector {
  detect(source: SourceText): Promise<Finding[]>;
  /** The calls that ask a model, in document order: what advice is given about. None without a table of the language. */
  calls(source: SourceText): Promise<ModelCall[]>;
  /** Keeps what is read of one document until it is disposed of: an order of magnitude less work after an edit. */
  track(): TrackedDocument;
  /** Tracked documents are disposed of too. */
  dispose(): void;
}

/** The static text of a prompt, holes left out: what is counted. */
export function promptText(prompt: Prompt): string {
  return prompt.parts.map((part) => part.text).join('');
}
