const alreadySo = /^[a-z]+(?:_[a-z\d]+)*$/;

/**
 * An identifier in one spelling: `systemPrompt`, `SYSTEM_PROMPT`, `system-prompt` → `system_prompt`.
 * Of a path only the last segment counts: `self.model` → `model`.
 */
export function identifierWords(name: string): string {
  if (alreadySo.test(name)) return name;
  const last = name.slice(name.search(/[^.:>]*$/));
  return last
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
}
