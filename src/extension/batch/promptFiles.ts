import { isPromptName } from '../../batch/promptNames.ts';

export const promptGlob = '**/*.{md,txt,prompt,prompty,jsonl,prompt.yml,prompt.yaml,yaml,yml}';

/** Whether a file is offered when no file was chosen. */
export function isPromptPath(path: string): boolean {
  return isPromptName(path.split('/').at(-1) ?? '');
}
