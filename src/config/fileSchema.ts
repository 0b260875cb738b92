import * as z from 'zod';
import { aliasesSchema, routerSchema, routesSchema, tiersSchema } from './sections/aliases.ts';
import { cacheSchema } from './sections/cache.ts';
import { providersSchema } from './sections/providers.ts';
import { attributionSchema, budgetsSchema, pricesSchema, reconcileSchema } from './sections/spending.ts';

/** The only version of the file's format so far. */
export const fileVersion = 1;

/** The one definition of `tollgate.jsonc`; the JSON schema for the editor is generated from it. */
export const fileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z
      .literal(fileVersion)
      .meta({ markdownDescription: 'Version of this format. `1`.', defaultSnippets: [{ label: '1', body: 1 }] })
      .optional(),
    providers: providersSchema.optional(),
    aliases: aliasesSchema.optional(),
    tiers: tiersSchema.optional(),
    router: routerSchema.optional(),
    routes: routesSchema.optional(),
    cache: cacheSchema.optional(),
    budgets: budgetsSchema.optional(),
    attribution: attributionSchema.optional(),
    prices: pricesSchema.optional(),
    reconcile: reconcileSchema.optional(),
  })
  .meta({
    title: 'Tollgate',
    markdownDescription: 'Configuration of Tollgate for this workspace.',
    allowComments: true,
    allowTrailingCommas: true,
  });

/** What one file says: everything is optional. */
export type ConfigFile = z.infer<typeof fileSchema>;
