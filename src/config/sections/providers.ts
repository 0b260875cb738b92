import * as z from 'zod';
import { demoBaseUrl, loopbackHosts } from '../demoBaseUrl.ts';
import { tabStop } from './snippet.ts';

/** Provider and alias names stand before and after a `/` in targets, in URLs and in generated identifiers. */
export const namePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

function isUsableBaseUrl(text: string): boolean {
  if (text === demoBaseUrl) return true;
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const encrypted = url.protocol === 'https:';
  const local = url.protocol === 'http:' && loopbackHosts.has(url.hostname);
  return (encrypted || local) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

const baseUrl = z
  .string()
  .refine(isUsableBaseUrl, { error: 'must be an https URL, or http on this machine, without user name or query' })
  .meta({
    markdownDescription:
      "Base URL, as the vendor's own SDK takes it: OpenAI with `/v1`, Anthropic without, Azure's as its portal shows it (`https://NAME.openai.azure.com`). `demo:` is the built-in demo provider, which needs no key and bills nothing.",
    examples: [
      'https://api.openai.com/v1',
      'https://api.anthropic.com',
      'http://127.0.0.1:11434/v1',
      'https://NAME.openai.azure.com',
      demoBaseUrl,
    ],
  });

const apiKey = z
  .string()
  .regex(/^(?:secret|env):[A-Za-z0-9_.-]{1,64}$/, { error: 'must be secret:NAME or env:NAME, never the key itself' })
  .meta({
    markdownDescription:
      'Where the key is, never the key itself: `secret:NAME` is stored in the editor by *Tollgate: Set Provider Key*, `env:NAME` is an environment variable of the service.',
    examples: ['secret:openai', 'env:OPENAI_API_KEY'],
    patternErrorMessage: 'Write secret:NAME or env:NAME, never the key itself.',
  });

const apiVersion = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:-preview)?$/, { error: 'must be a date as Azure writes it, like 2024-10-21' })
  .meta({
    markdownDescription:
      'Azure OpenAI only: the `api-version` of its dated API, where a model is the name of a deployment. Without it Azure is spoken to by its v1 API.',
    examples: ['2024-10-21', '2025-04-01-preview'],
    patternErrorMessage: 'Write a date as Azure does: 2024-10-21 or 2025-04-01-preview.',
  });

const batchApi = z.enum(['openai', 'azure', 'together', 'mistral']).meta({
  markdownDescription:
    'Whose batch API the provider has. Known by its host, else by its name (`azure`, `together`, `mistral`); needed for a gateway or a server of your own that is called otherwise, or is called so and speaks OpenAI’s.',
  markdownEnumDescriptions: [
    'Files and batches as OpenAI’s: OpenAI, Groq, and most others.',
    'OpenAI’s at `/openai/v1`, with the key in `api-key`.',
    'OpenAI’s but for the upload, and without metadata.',
    'Mistral’s own.',
  ],
});

export const providerSchema = z
  .strictObject({
    dialect: z.enum(['openai', 'anthropic']).meta({
      markdownDescription: 'The API the provider speaks.',
      markdownEnumDescriptions: [
        'Chat completions, responses and embeddings: OpenAI and everything compatible with it.',
        'Messages.',
      ],
    }),
    baseUrl: baseUrl.optional(),
    apiKey: apiKey.optional(),
    apiVersion: apiVersion.optional(),
    batchApi: batchApi.optional(),
  })
  .meta({
    markdownDescription: 'A provider. Only `dialect` is required.',
    defaultSnippets: [{ label: 'OpenAI-compatible', body: { dialect: 'openai', baseUrl: tabStop(1, 'https://') } }],
  });

export const providersSchema = z.record(z.string().regex(namePattern), providerSchema).meta({
  markdownDescription:
    'Providers by name. `openai`, `anthropic`, `google`, `mistral`, `groq`, `deepseek`, `xai`, `openrouter` and `ollama` are there without being written; what is written here changes or adds to them.\n\nA file of a repository sets `baseUrl` and `apiKey` only in a trusted workspace.',
  examples: [{ openai: { dialect: 'openai', apiKey: 'secret:openai' } }],
});
