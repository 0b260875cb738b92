import * as z from 'zod';
import { fileSchema } from './fileSchema.ts';

/** Editors other than VS Code read only plain descriptions. */
function plainText(markdown: string): string {
  return markdown.replace(/`([^`]*)`/g, '$1').replace(/\*([^*]+)\*/g, '$1');
}

/** The JSON schema of `tollgate.jsonc` for the editor: completion, hover and validation. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      const markdown: unknown = jsonSchema.markdownDescription;
      if (typeof markdown === 'string') jsonSchema.description = plainText(markdown);
    },
  });
  return { ...schema };
}
