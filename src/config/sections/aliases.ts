import * as z from 'zod';
import { routeCacheSchema } from './cache.ts';
import { namePattern } from './providers.ts';
import { tabStop } from './snippet.ts';

const hour = 3_600_000;

export const aliasName = z
  .string()
  .regex(namePattern, { error: 'must begin with a letter and have only letters, digits, ".", "_" and "-"' })
  .meta({ patternErrorMessage: 'A name begins with a letter and has only letters, digits, ".", "_" and "-".' });

const target = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}\/\S+$/, { error: 'must be written provider/model, like openai/gpt-4o-mini' })
  .meta({
    markdownDescription: 'A model of a provider, written `provider/model`.',
    patternErrorMessage: 'A target is written provider/model, like openai/gpt-4o-mini.',
  });

const fallback = z
  .strictObject({
    on: z
      .array(
        z.enum(['connect', 'overload', 'server', 'context', 'policy', 'quota', 'auth']).meta({
          markdownEnumDescriptions: [
            'No connection to the provider.',
            'The provider is overloaded or limits the rate (429, 529).',
            'The provider failed (5xx).',
            "The prompt does not fit the model's context window.",
            'The provider refused the content.',
            'The account has no credit left.',
            'The key was refused.',
          ],
        }),
      )
      .meta({ markdownDescription: 'Failures after which the next target is tried.' })
      .optional(),
    maxAttempts: z
      .int()
      .min(1)
      .max(10)
      .meta({ markdownDescription: 'Requests to providers for one call, at most.' })
      .optional(),
    deadlineMs: z
      .int()
      .min(1000)
      .max(hour)
      .meta({ markdownDescription: 'Time for all attempts together, in milliseconds.' })
      .optional(),
  })
  .meta({ markdownDescription: 'When the next target is tried, and how long.' });

const onOverflow = z.enum(['error', 'truncate', 'largerTarget']).meta({
  markdownDescription: 'What happens to a prompt above `maxInputTokens`.',
  markdownEnumDescriptions: [
    'The call is refused.',
    'The oldest turns are left out; system prompt and last instruction stay.',
    'The first target that the prompt fits is used.',
  ],
});

export const aliasSchema = z
  .strictObject({
    targets: z.array(target).min(1, { error: 'needs at least one target, like "openai/gpt-4o-mini"' }).max(10).meta({
      markdownDescription: 'Models in order of preference. The first is what a program uses without Tollgate.',
    }),
    maxInputTokens: z.int().min(1).meta({ markdownDescription: 'Prompts above this are an overflow.' }).optional(),
    maxOutputTokens: z
      .int()
      .min(1)
      .meta({ markdownDescription: 'Answers are limited to this many tokens.' })
      .optional(),
    onOverflow: onOverflow.optional(),
    fallback: fallback.optional(),
  })
  .meta({
    markdownDescription: 'A name of ours for an ordered list of models.',
    defaultSnippets: [{ label: 'alias', body: { targets: [tabStop(1, 'openai/gpt-4o-mini')] } }],
  });

export const aliasesSchema = z.record(aliasName, aliasSchema).meta({
  markdownDescription: 'Names that programs use instead of model ids.',
  examples: [{ cheap: { targets: ['openai/gpt-4o-mini'] } }],
});

export const tiersSchema = z
  .array(aliasName)
  .meta({ markdownDescription: 'Aliases from the cheapest to the best.', examples: [['cheap', 'quality']] });

export const routerSchema = z
  .strictObject({
    models: z
      .array(z.string().min(1).max(100))
      .min(1)
      .meta({
        markdownDescription: 'Names that a client gives as its model to have its call routed. The default is `auto`.',
        examples: [['auto']],
      })
      .optional(),
    sticky: z
      .enum(['off', 'turn', 'session'])
      .meta({
        markdownDescription:
          'What keeps its alias, so that the prompt caches of providers stay warm. The default is `turn`.',
        markdownEnumDescriptions: [
          'Every call is decided by itself.',
          'An instruction and the tool calls it leads to. A later turn may go up; it goes down only while the prompt is too short to be cached.',
          'The whole conversation.',
        ],
      })
      .optional(),
    stickyMs: z
      .int()
      .min(1000)
      .max(24 * hour)
      .meta({ markdownDescription: 'A conversation that is silent for this long is decided anew, in milliseconds.' })
      .optional(),
    classifier: z
      .strictObject({
        mode: z
          .enum(['off', 'rules', 'model'])
          .meta({
            markdownDescription: 'How the tier of a call is found that no route fits. The default is `rules`.',
            markdownEnumDescriptions: [
              'Not at all: the call is refused.',
              'By its words, length and tools.',
              'By the rules, and where they are in doubt by asking the alias `use`, which costs a short call.',
            ],
          })
          .optional(),
        use: aliasName.meta({ markdownDescription: 'The alias that is asked for the tier: a cheap one.' }).optional(),
        timeoutMs: z
          .int()
          .min(100)
          .max(60_000)
          .meta({
            markdownDescription:
              'How long that alias may take before the rules decide, in milliseconds. The default is 2,000.',
          })
          .optional(),
      })
      .refine(({ mode, use }) => mode !== 'model' || use !== undefined, {
        error: 'needs "use", the alias that is asked',
      })
      .meta({ markdownDescription: 'What becomes of calls that no route fits.' })
      .optional(),
  })
  .meta({ markdownDescription: 'How calls that name no model of their own find their tier.' });

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

export const routeSchema = z.strictObject({
  name: z.string().min(1).max(64).meta({ markdownDescription: 'How the route is called in the panel and in headers.' }),
  match: z
    .strictObject({
      task: oneOrMore.meta({ markdownDescription: 'The task the client names (`x-tollgate-task`).' }).optional(),
      feature: oneOrMore
        .meta({ markdownDescription: 'The feature the client names (`x-tollgate-feature`).' })
        .optional(),
      callSite: oneOrMore.meta({ markdownDescription: 'Globs of source paths, like `src/summaries/**`.' }).optional(),
      minInputTokens: z.int().min(0).meta({ markdownDescription: 'Prompts of at least this many tokens.' }).optional(),
      maxInputTokens: z.int().min(0).meta({ markdownDescription: 'Prompts of at most this many tokens.' }).optional(),
      tools: z.boolean().meta({ markdownDescription: 'Whether the call brings tools.' }).optional(),
      images: z.boolean().meta({ markdownDescription: 'Whether the call brings images.' }).optional(),
      structuredOutput: z.boolean().meta({ markdownDescription: 'Whether the call asks for JSON.' }).optional(),
    })
    .meta({ markdownDescription: 'Which calls take this route: those that fit every line. None = every call.' })
    .optional(),
  use: aliasName.meta({ markdownDescription: 'The alias that answers.' }),
  maxInputTokens: z
    .int()
    .min(1)
    .meta({ markdownDescription: "Prompts above this are an overflow. Of this limit and the alias's the lower holds." })
    .optional(),
  maxOutputTokens: z
    .int()
    .min(1)
    .meta({
      markdownDescription: "Answers are limited to this many tokens, or to the alias's limit where that is lower.",
    })
    .optional(),
  onOverflow: onOverflow.optional(),
  escalate: z
    .strictObject({
      to: aliasName.meta({ markdownDescription: 'The better alias.' }),
      on: z
        .array(z.enum(['schemaInvalid', 'truncated', 'refused', 'empty', 'toolArgumentsInvalid']))
        .min(1)
        .meta({ markdownDescription: 'Checks of the answer after which the better alias is asked.' }),
    })
    .meta({ markdownDescription: 'Ask a better alias when the answer fails a check.' })
    .optional(),
  guard: z
    .strictObject({
      maxErrorRate: z.number().gt(0).max(1).meta({ markdownDescription: 'Share of failed answers; 0.05 = 5 %.' }),
      minCalls: z.int().min(1).meta({ markdownDescription: 'Calls before the share means anything.' }),
      windowMs: z.int().min(60_000).meta({ markdownDescription: 'How far back calls are looked at, in milliseconds.' }),
    })
    .meta({ markdownDescription: 'Move the route up a tier while too many of its answers fail.' })
    .optional(),
  cache: routeCacheSchema.optional(),
});

export const routesSchema = z.array(routeSchema).meta({
  markdownDescription: 'Routes in order; the first that fits a call decides its alias.',
  defaultSnippets: [
    {
      label: 'route',
      body: [{ name: tabStop(1, 'classify'), match: { task: tabStop(1, 'classify') }, use: tabStop(2, 'cheap') }],
    },
  ],
});
