import { basename } from 'node:path';
import type { JsonObject } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { type PreparedRequest, type PromptPlace, preparePrompt } from './preparedRequest.ts';
import { type Refusal, refused } from './promptFile.ts';
import { fillPrompt, type PromptTemplate } from './promptTemplate.ts';
import type { ReadContext } from './readContext.ts';
import { readValueRows } from './readValueRows.ts';
import { type SetEntry, wholeOrNot } from './wholeOrNot.ts';

/** A template and the model it is for; a file may hold several. */
export interface TemplateUse {
  readonly template: PromptTemplate;
  /** Instead of the template's own. */
  readonly model: string | undefined;
  /** Before the ids of its rows. */
  readonly idPrefix: string;
}

/** The requests of the templates of one file: one for the file, or one for each row of values. */
export async function* readPrompts(
  path: string,
  uses: readonly TemplateUse[] | Refusal,
  context: ReadContext,
): AsyncGenerator<PreparedRequest | Refusal> {
  if ('kind' in uses) {
    yield uses;
    return;
  }
  const [first] = uses;
  if (uses.length === 1 && first !== undefined && first.template.rows === undefined) {
    const wishedId = basename(path).replace(/\.[^.]*$/, '');
    yield prepare({ promptPath: path, wishedId, row: undefined }, first, {}, context);
    return;
  }
  yield* wholeOrNot(() => rowsOf(path, uses, context));
}

async function* rowsOf(path: string, uses: readonly TemplateUse[], context: ReadContext): AsyncGenerator<SetEntry> {
  let number = 0;
  for (const use of uses) {
    const rows = use.template.rows ?? { kind: 'list' as const, rows: [{}] };
    let count = 0;
    for await (const row of readValueRows(rows, path, context.disk)) {
      number += 1;
      count += 1;
      if (row.kind === 'refused') {
        yield { number, prepared: row };
        break;
      }
      const id = use.idPrefix + idOf(row.values, row.number);
      const place: PromptPlace = { promptPath: path, wishedId: id, row: { id, number, values: row.values } };
      yield { number, prepared: prepare(place, use, row.values, context) };
    }
    if (count === 0) yield { number: number + 1, prepared: refused(refusals.noRows()) };
  }
}

/** A row names itself by `custom_id` or `id`; else it is its number. */
function idOf(values: JsonObject, number: number): string {
  const own = values.custom_id ?? values.id;
  return (typeof own === 'string' && own !== '') || typeof own === 'number' ? String(own) : `row-${number}`;
}

function prepare(
  place: PromptPlace,
  { template, model }: TemplateUse,
  values: JsonObject,
  { defaultModel, resolve }: ReadContext,
): PreparedRequest | Refusal {
  const filled = fillPrompt(template, values);
  if (filled.kind === 'refused') return filled;
  const named = model ?? filled.request.model ?? defaultModel;
  if (named === undefined) return refused(refusals.noModel());
  const target = resolve(named);
  if (target.kind === 'refused') return target;
  return preparePrompt(place, named, filled.request, target);
}
