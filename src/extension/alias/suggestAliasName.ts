import type { NamedModel } from '../../scan/nameModel.ts';

const cheapUsdPerMTok = 0.5;
const flagshipUsdPerMTok = 2;

/**
 * A name for a new alias that stands for `model`: what it is good for rather than what it is called, because the model
 * will be exchanged and the name will stay. Names that are taken get a number.
 */
export function suggestAliasName(model: NamedModel, taken: ReadonlySet<string>): string {
  const input = model.lookup.kind === 'known' ? model.lookup.model.price?.usdPerMTok.input : undefined;
  const base = input === undefined ? identifierOf(model.name) : tierOf(input);
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}${number}`)) return `${base}${number}`;
}

function tierOf(inputUsdPerMTok: number): string {
  if (inputUsdPerMTok <= cheapUsdPerMTok) return 'cheap';
  return inputUsdPerMTok >= flagshipUsdPerMTok ? 'quality' : 'standard';
}

/** `my-org/Llama-3.1 8B` → `llama318b`: letters and digits, a letter first. */
function identifierOf(name: string): string {
  const plain = (name.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]/g, '');
  const named = plain.replace(/^\d+/, '');
  return named === '' ? 'model' : named;
}
