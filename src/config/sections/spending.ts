import * as z from 'zod';
import { bareTabStop, tabStop } from './snippet.ts';

const limitUsd = z.number().min(0.000001).max(1_000_000_000);

export const budgetSchema = z
  .strictObject({
    scope: z
      .string()
      .regex(/^(?:workspace|user|session|feature|route|branch|testRun)(?::\S+)?$/, {
        error:
          'must be workspace, user, session, feature, route, branch or testRun, or one of them by name like feature:search',
      })
      .meta({
        markdownDescription: 'What the limit is for.',
        examples: ['workspace', 'user', 'session', 'feature:search', 'route:code', 'branch', 'testRun'],
        patternErrorMessage:
          'One of workspace, user, session, feature, route, branch, testRun; or one of them by name: feature:search.',
      }),
    limitUsd: limitUsd.meta({ markdownDescription: 'The limit, in US dollars.' }),
    window: z.enum(['session', 'day', 'week', 'month']).meta({
      markdownDescription:
        'The time the limit is for. Days, weeks (from Monday) and months are those of `reconcile.timezone`, UTC where it is not given. A test run is counted as one within its window.',
    }),
    warnAt: z
      .array(z.number().gt(0).max(1))
      .meta({ markdownDescription: 'Shares of the limit at which you are told.', examples: [[0.5, 0.8]] })
      .optional(),
    onExceed: z
      .enum(['warn', 'downgrade', 'block'])
      .meta({
        markdownDescription: 'What happens at the limit. The default is `block`.',
        markdownEnumDescriptions: [
          'You are told; calls go on.',
          'A call that what is left does not cover goes to the next lower tier, or to `downgradeTo`; it is refused where there is none.',
          'Calls are refused with 402 before they reach the provider.',
        ],
      })
      .optional(),
    downgradeTo: z
      .string()
      .min(1)
      .meta({
        markdownDescription: 'The alias that calls go down to under `downgrade`. The default is the next lower tier.',
      })
      .optional(),
    shared: z
      .boolean()
      .meta({
        markdownDescription:
          'One limit for everybody whose configuration names the same Redis under `cache.store`. For the scopes workspace, feature, route and branch, by day, week or month.',
      })
      .optional(),
  })
  .refine(({ downgradeTo, onExceed }) => downgradeTo === undefined || onExceed === 'downgrade', {
    error: 'needs "onExceed": "downgrade" where it has "downgradeTo"',
  })
  .refine(
    ({ shared, scope, window }) =>
      shared !== true || (/^(?:workspace|feature|route|branch)(?::|$)/.test(scope) && window !== 'session'),
    { error: 'can be shared only for workspace, feature, route or branch, by day, week or month' },
  )
  .meta({
    defaultSnippets: [
      {
        label: 'budget',
        body: { scope: 'workspace', limitUsd: bareTabStop(1, '20'), window: 'month', onExceed: 'block' },
      },
    ],
  });

export const budgetsSchema = z.array(budgetSchema).meta({
  markdownDescription:
    'Spending limits; all of them hold at once. A file of a repository can add a lower limit, never lift one of your user settings.',
});

export const attributionSchema = z
  .strictObject({
    tags: z
      .array(z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, { error: 'must be lower case letters, digits, "_" and "-"' }))
      .meta({ markdownDescription: 'Tags that are recorded when a client sends them (`x-tollgate-tag-…`).' })
      .optional(),
    pii: z
      .enum(['hash', 'drop', 'reject'])
      .meta({
        markdownDescription:
          'What happens to personal data in the names and tags of a call, in our records. Traffic is not changed.',
        markdownEnumDescriptions: [
          'It is kept as a pseudonym. The default.',
          'It is left out.',
          'The call is refused.',
        ],
      })
      .optional(),
  })
  .meta({ markdownDescription: 'Who and what a call is recorded for.' });

const usdPerMTok = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((usd) => usd === 0 || usd >= 0.000001, { error: 'must be 0 or at least 0.000001' });

const figures = z
  .strictObject({
    input: usdPerMTok.meta({ markdownDescription: 'Prompt tokens that were not cached.' }).optional(),
    cacheRead: usdPerMTok.meta({ markdownDescription: "Prompt tokens read from the provider's cache." }).optional(),
    cacheWrite5m: usdPerMTok
      .meta({ markdownDescription: "Prompt tokens written to the provider's cache for five minutes." })
      .optional(),
    cacheWrite1h: usdPerMTok
      .meta({ markdownDescription: "Prompt tokens written to the provider's cache for an hour." })
      .optional(),
    output: usdPerMTok.meta({ markdownDescription: 'Answer tokens.' }).optional(),
    reasoning: usdPerMTok.meta({ markdownDescription: 'Reasoning tokens; left out = as output.' }).optional(),
    inputAudio: usdPerMTok.meta({ markdownDescription: 'Audio tokens of the prompt.' }).optional(),
    outputAudio: usdPerMTok.meta({ markdownDescription: 'Audio tokens of the answer.' }).optional(),
    inputImage: usdPerMTok.meta({ markdownDescription: 'Image tokens of the prompt; left out = as input.' }).optional(),
    outputImage: usdPerMTok
      .meta({ markdownDescription: 'Image tokens of the answer; left out = as output.' })
      .optional(),
  })
  .refine((prices) => Object.keys(prices).length > 0, { error: 'needs at least one figure, like "input"' })
  .meta({
    markdownDescription: 'US dollars per million tokens, by kind. A kind that is left out is not taken as free.',
  });

export const pricesSchema = z
  .strictObject({
    unpriced: z
      .enum(['warn', 'block', 'estimate'])
      .meta({
        markdownDescription:
          'What spending limits do with a call whose price is not known. It is never taken as free. The default is `warn`.',
        markdownEnumDescriptions: [
          'It is counted at the dearest price of its provider, and you are told.',
          'The call is refused.',
          'It is counted at the dearest price of its provider.',
        ],
      })
      .optional(),
    overrides: z
      .record(z.string().min(1).max(200), z.strictObject({ usdPerMTok: figures }))
      .meta({
        markdownDescription:
          'Prices of your contracts and fine-tuned models, by `provider/model`. They win over the list prices.',
        defaultSnippets: [
          {
            label: 'price',
            body: {
              [tabStop(1, 'openai/my-model')]: {
                usdPerMTok: { input: bareTabStop(2, '2.5'), output: bareTabStop(3, '10') },
              },
            },
          },
        ],
      })
      .optional(),
  })
  .meta({ markdownDescription: 'Prices.' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export const reconcileSchema = z
  .strictObject({
    toleranceRatio: z
      .number()
      .min(0)
      .max(1)
      .meta({ markdownDescription: 'Difference from the invoice that is not reported; 0.02 = 2 %.' })
      .optional(),
    timezone: z
      .string()
      .refine(isTimeZone, { error: 'must be a time zone like UTC or Europe/Berlin' })
      .meta({ markdownDescription: 'Time zone of days and months.', examples: ['UTC', 'Europe/Berlin'] })
      .optional(),
  })
  .meta({ markdownDescription: "Comparison with the provider's invoice." });
