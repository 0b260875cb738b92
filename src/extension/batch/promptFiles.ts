/** File names that can be prompts; whether one is, the plan says. */
export const promptExtensions = ['md', 'txt', 'prompt', 'prompty', 'jsonl'] as const;

export const promptGlob = `**/*.{${promptExtensions.join(',')}}`;

/** Documents that a project has for other reasons: they can still be chosen in the explorer. */
const notPrompts =
  /^(readme|changelog|license|licence|contributing|security|code_of_conduct|requirements.*|.*\.result)\.(md|txt)$/i;

/** Whether a file is offered when no file was chosen. */
export function isPromptPath(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return promptExtensions.some((extension) => name.endsWith(`.${extension}`)) && !notPrompts.test(name);
}
