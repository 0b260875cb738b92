/** Endings of files that can be prompts; whether one is, its content says. */
export const promptExtensions = ['md', 'txt', 'prompt', 'prompty', 'jsonl', 'prompt.yml', 'prompt.yaml'] as const;

/** Documents that a project has for other reasons, and our own results: they can still be named one by one. */
const notPrompts =
  /^(?:(?:readme|changelog|license|licence|contributing|security|code_of_conduct|claude|agents|requirements[^.]*)(?:\.\w+)*\.(?:md|txt)|.*\.results?(?:\.\d+)?\.(?:md|json|jsonl))$/i;
const promptfoo = /^promptfooconfig(?:\.[\w-]+)?\.ya?ml$/i;

/** Whether a file is taken where no file was named: from a folder, or in the list to choose from. */
export function isPromptName(name: string): boolean {
  if (promptfoo.test(name)) return true;
  return promptExtensions.some((extension) => name.endsWith(`.${extension}`)) && !notPrompts.test(name);
}
