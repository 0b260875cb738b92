import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Shape = 'set' | 'files';

const words = (
  'the customer asked for a refund of invoice because it was paid twice and our team has not answered since ' +
  'please summarize what happened name every amount that is mentioned and say which department should look at it next'
).split(' ');

/** About 600 characters of English that no other item has. */
function text(item: number): string {
  const chosen = Array.from(
    { length: 105 },
    (_, place) => words[(item * 7 + place * place * (1 + (item % 11))) % words.length],
  );
  return `Letter ${item}: ${chosen.join(' ')}.`;
}

const linesAtOnce = 1000;

/** Writes the prompts of a benchmark; yields the paths to plan. */
export function writeInputs(folder: string, shape: Shape, items: number, model: string): string[] {
  if (shape === 'files') return writeFiles(folder, items, model);
  const path = join(folder, 'set.jsonl');
  for (let from = 0; from < items; from += linesAtOnce) {
    const numbers = Array.from({ length: Math.min(linesAtOnce, items - from) }, (_, index) => from + index);
    appendFileSync(path, numbers.map((number) => `${requestLine(number, model)}\n`).join(''));
  }
  return [path];
}

function writeFiles(folder: string, items: number, model: string): string[] {
  const prompts = join(folder, 'prompts');
  mkdirSync(prompts);
  for (let item = 0; item < items; item += 1)
    writeFileSync(
      join(prompts, `letter${item}.md`),
      `---\nmodel: ${model}\nmax_tokens: 50\ntemperature: 0\n---\n${text(item)}\n`,
    );
  return [prompts];
}

function requestLine(item: number, model: string): string {
  const body = { model, max_tokens: 50, messages: [{ role: 'user', content: text(item) }] };
  return JSON.stringify(
    model.startsWith('claude')
      ? { custom_id: `r${item}`, params: body }
      : { custom_id: `r${item}`, method: 'POST', url: '/v1/chat/completions', body },
  );
}
