import { cheaperModels } from '../../advice/cheaperModels.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Config } from '../../config/config.ts';
import type { Prompt } from '../../detect/finding.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import type { Annotation } from '../analysis/annotation.ts';
import type { HoverDetails } from './hoverText.ts';

export interface HoverDetailDeps {
  readonly catalog: Catalog;
  readonly aliases: Config['aliases'];
  readonly nowMs: number;
  /** Tokens of each text by itself. */
  readonly count: (texts: readonly string[], tokenizer: string | undefined) => Promise<readonly number[]>;
}

/** With more variables than this the pieces are a list that nobody reads. */
const mostHoles = 8;
const holeLength = 24;

/** @param source the text of the document, of the version the annotation is of */
export async function hoverDetails(
  annotation: Annotation,
  source: string,
  deps: HoverDetailDeps,
): Promise<HoverDetails> {
  const model = annotation.kind === 'model' ? annotation.model : annotation.priced?.model;
  const { catalog, aliases, nowMs } = deps;
  const cheaper = model?.lookup.kind === 'known' ? cheaperModels(model.lookup.model, catalog, aliases) : [];
  if (annotation.kind === 'model') return { nowMs, cheaper };
  const { holes } = annotation.finding;
  if (holes.length === 0 || holes.length > mostHoles) return { nowMs, cheaper };
  return { nowMs, cheaper, pieces: await piecesOf(annotation.finding, source, tokenizerOf(model), deps) };
}

function tokenizerOf(model: NamedModel | undefined): string | undefined {
  return model?.lookup.kind === 'known' ? model.lookup.model.tokenizer : undefined;
}

async function piecesOf(
  { parts, holes }: Prompt,
  source: string,
  tokenizer: string | undefined,
  { count }: HoverDetailDeps,
): Promise<(number | string)[]> {
  const tokens = await count(
    parts.map(({ text }) => text),
    tokenizer,
  );
  const pieces = [
    ...parts.map(({ span }, at) => ({ start: span.start, piece: tokens[at] ?? 0 })),
    ...holes.map(({ start, end }) => ({ start, piece: holeName(source.slice(start, end)) })),
  ].sort((a, b) => a.start - b.start);
  return pieces.map(({ piece }) => piece).filter((piece) => piece !== 0);
}

/** `{name}` and `${user.name}` are called by what is in them. */
function holeName(written: string): string {
  const name = written
    .replace(/^[$#]?\{+|\}+$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return name.length > holeLength ? `${name.slice(0, holeLength - 1)}…` : name === '' ? '…' : name;
}
