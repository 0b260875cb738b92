/** Where a text holds something that looks like a provider's key. Offsets are UTF-16. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** Whose key it looks like, for the message; never the key. */
  readonly issuer: string;
}

const shapes: readonly (readonly [issuer: string, shape: string])[] = [
  ['Anthropic', 'sk-ant-[A-Za-z0-9_-]{16,}'],
  ['OpenRouter', 'sk-or-[A-Za-z0-9_-]{16,}'],
  ['OpenAI', 'sk-[A-Za-z0-9_-]{20,}'],
  ['Google', 'AIza[A-Za-z0-9_-]{30,}'],
  ['AWS', '(?:AKIA|ASIA)[A-Z0-9]{16}'],
  ['Groq', 'gsk_[A-Za-z0-9]{20,}'],
  ['xAI', 'xai-[A-Za-z0-9]{20,}'],
  ['Perplexity', 'pplx-[A-Za-z0-9]{20,}'],
  ['Hugging Face', 'hf_[A-Za-z0-9]{20,}'],
  ['Replicate', 'r8_[A-Za-z0-9]{20,}'],
  ['GitHub', '(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})'],
];

/** Finds what looks like a provider's key, in document order. */
export function findSecrets(text: string): FoundSecret[] {
  const any = new RegExp(`(?<![A-Za-z0-9_-])(?:${shapes.map(([, shape]) => `(${shape})`).join('|')})`, 'g');
  return [...text.matchAll(any)].map((match) => {
    const place = match.slice(1).findIndex((group) => group !== undefined);
    return { start: match.index, end: match.index + match[0].length, issuer: shapes[place]?.[0] ?? 'provider' };
  });
}
