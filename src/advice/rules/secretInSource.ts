import { type FoundSecret, findSecrets } from '../../config/secretShapes.ts';
import { type Advice, type Fix, message } from '../advice.ts';
import type { TextEdit } from '../aliasEdit.ts';
import { environmentLookup } from '../environmentLookup.ts';
import type { RuleContext } from '../ruleContext.ts';

/** Files that are there to hold keys. */
const keyFiles = new Set(['dotenv', 'properties', 'ini', 'log', 'diff']);
const placeholder =
  /example|sample|dummy|fake|test|your|placeholder|replace|change|insert|xxx|\.\.\.|abc|1234|0000|redacted|secret|mock|invalid|_key|-key|my-|here/i;
const leastEntropyBits = 3.5;
const leastDigits = 2;

const variables: Readonly<Record<string, string>> = {
  OpenAI: 'OPENAI_API_KEY',
  Anthropic: 'ANTHROPIC_API_KEY',
  OpenRouter: 'OPENROUTER_API_KEY',
  Google: 'GEMINI_API_KEY',
  Groq: 'GROQ_API_KEY',
  xAI: 'XAI_API_KEY',
  Perplexity: 'PERPLEXITY_API_KEY',
  'Hugging Face': 'HF_TOKEN',
  Replicate: 'REPLICATE_API_TOKEN',
};

/** Bits per character: made-up keys repeat themselves. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

function looksReal(key: string): boolean {
  if (placeholder.test(key) || entropyBits(key) < leastEntropyBits) return false;
  return (key.match(/\d/g)?.length ?? 0) >= leastDigits && !/^[a-z-]+$/i.test(key);
}

/** A key of a provider written into a file. The key itself is in no text of ours. */
export function secretInSource(context: RuleContext): Advice[] {
  const { source } = context;
  if (keyFiles.has(source.languageId)) return [];
  return findSecrets(source.text).flatMap((secret): Advice[] => {
    if (!looksReal(context.text(secret))) return [];
    const fixes = fixOf(context, secret);
    const told =
      'This looks like a key of {0}. Whoever can read the file can spend with it: revoke it, and read a new one from the environment.';
    return [
      {
        rule: 'secret-in-source',
        span: { start: secret.start, end: secret.end },
        message: message(told, secret.issuer),
        fixes,
      },
    ];
  });
}

function fixOf({ source }: RuleContext, secret: FoundSecret): Fix[] {
  const variable = variables[secret.issuer];
  const edits: readonly TextEdit[] | undefined =
    variable === undefined ? undefined : environmentLookup(source, secret, variable);
  return edits && variable !== undefined
    ? [{ kind: 'edit', title: message('Read {0} from the environment instead', variable), edits }]
    : [];
}
