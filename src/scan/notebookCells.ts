import * as z from 'zod';
import { cellLanguage } from '../detect/cellLanguage.ts';

/** A code cell as a document of its own. */
export interface NotebookCell {
  /** Place among all cells of the notebook, 0-based. */
  readonly index: number;
  readonly languageId: string;
  readonly text: string;
}

const cellSchema = z.object({
  cell_type: z.string(),
  source: z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]),
  metadata: z
    .object({ vscode: z.object({ languageId: z.string() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const notebookSchema = z.object({
  cells: z.array(z.unknown()),
  metadata: z
    .object({
      kernelspec: z.object({ language: z.string() }).optional().catch(undefined),
      language_info: z.object({ name: z.string() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const kernelLanguages: Readonly<Record<string, string>> = { ipython: 'python', 'c#': 'csharp', deno: 'typescript' };

/** The code cells of a Jupyter notebook; undefined where the text is none. */
export function notebookCells(json: string): NotebookCell[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const notebook = notebookSchema.safeParse(value);
  if (!notebook.success) return undefined;
  const { metadata, cells } = notebook.data;
  const named = (metadata?.kernelspec?.language ?? metadata?.language_info?.name ?? 'python').toLowerCase();
  const kernel = kernelLanguages[named] ?? named;
  return cells.flatMap((raw, index) => {
    const cell = cellSchema.safeParse(raw);
    if (!cell.success || cell.data.cell_type !== 'code') return [];
    const text = cell.data.source;
    const own = cell.data.metadata?.vscode?.languageId;
    return [{ index, languageId: own ?? cellLanguage(text, kernel), text }];
  });
}
