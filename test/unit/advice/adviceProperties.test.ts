import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../../../src/advice/planAliasEdit.ts';
import { createAdviser } from '../../support/advise.ts';

const { advise, dispose } = createAdviser();
after(dispose);

const rules = `Always answer politely.\n`.repeat(400);
const sources = {
  python: `from openai import OpenAI

client = OpenAI()


@retry(stop=stop_after_attempt(6))
def rate(review, user):
    return client.chat.completions.create(
        model="gpt-4o",
        user=user.email,
        messages=[{"role": "system", "content": f"""You rate reviews.
Today's date: {today}
${rules}"""}],
    )


for review in reviews:
    client.responses.create(model="gpt-4", input="Classify the following review. " + review)
client.batches.create(input_file_id=file.id)
`,
  typescript: `import OpenAI from 'openai';
const client = new OpenAI();
export async function POST(request: Request) {
  const batch = await client.batches.create({ endpoint: '/v1/responses' });
  await pRetry(() => client.responses.create({ model: 'gpt-4o', input: \`Summarize the following text: \${text}\` }), { retries: 2 });
  return await Promise.all(items.map((item) => client.chat.completions.create({ model: 'gpt-4o', messages: build(item) })));
}
`,
} as const;

test('cut and broken sources are read without an error, and every edit lies within them', async () => {
  const cut = fc.record({
    languageId: fc.constantFrom('python', 'typescript'),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 400 }),
    instead: fc.constantFrom('', '"', '`', '(', '\n', '}}', '"""', '😀'),
  });
  await fc.assert(
    fc.asyncProperty(cut, async ({ languageId, from, length, instead }) => {
      const whole = sources[languageId];
      const start = Math.floor(from * whole.length);
      const text = whole.slice(0, start) + instead + whole.slice(start + length);
      for (const { span, fixes } of await advise('all', languageId, text)) {
        assert.ok(0 <= span.start && span.start < span.end && span.end <= text.length);
        for (const fix of fixes) {
          if (fix.kind !== 'edit') continue;
          const ordered = fix.edits.toSorted((a, b) => a.span.start - b.span.start);
          assert.ok(ordered.every((edit, index) => edit.span.start >= (ordered[index - 1]?.span.end ?? 0)));
          assert.ok(ordered.every((edit) => edit.span.end <= text.length));
        }
      }
    }),
    { numRuns: 80 },
  );
});

test('each fix takes its advice away and brings no other', async () => {
  for (const languageId of ['python', 'typescript'] as const) {
    const text = sources[languageId];
    const before = await advise('all', languageId, text);
    const names = (advice: typeof before): string[] => advice.map(({ rule }) => rule).sort();
    const edits = before.flatMap(({ rule, fixes }) =>
      fixes.flatMap((fix) => (fix.kind === 'edit' ? [{ rule, fix }] : [])),
    );
    assert.ok(edits.length >= 3, languageId);
    for (const { rule, fix } of edits) {
      const left = names(before);
      left.splice(left.indexOf(rule), 1);
      const after = names(await advise('all', languageId, applyEdits(text, fix.edits)));
      // A change that makes a rule quiet for the whole file may take more than one away.
      assert.ok(
        after.every((name) => left.includes(name)) && after.length <= left.length,
        `${languageId} ${rule}: ${after.join(' ')}`,
      );
    }
  }
});
