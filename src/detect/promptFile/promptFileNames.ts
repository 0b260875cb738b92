import type { PromptFileKind } from './detectInPromptFile.ts';

/** A kind of file that is LLM input as a whole, known by its name whatever language an editor takes it for. */
export interface PromptFileName {
  readonly name: RegExp;
  /** The same for editors, which select documents by globs. */
  readonly glob: string;
  readonly format: PromptFileKind | 'requestLines';
}

/** The first that fits counts. */
export const promptFileNames: readonly PromptFileName[] = [
  { name: /\.prompty$/i, glob: '**/*.prompty', format: 'prompty' },
  { name: /\.prompt\.md$/i, glob: '**/*.prompt.md', format: 'markdown' },
  { name: /\.prompt$/i, glob: '**/*.prompt', format: 'dotprompt' },
  { name: /\.jsonl$/i, glob: '**/*.jsonl', format: 'requestLines' },
];

/** How a file of that name is read; undefined where its name says nothing of prompts. */
export function promptFileFormat(path: string): PromptFileName['format'] | undefined {
  return promptFileNames.find(({ name }) => name.test(path))?.format;
}
