import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Finding, Span } from '../../../src/detect/finding.ts';
import { sourceLanguage } from '../../../src/detect/sourceLanguage.ts';
import { realDetector } from '../../support/detector.ts';
import { soakRounds } from '../../support/soak.ts';

const folder = join(import.meta.dirname, '../../fixtures/findings');
const sources = readdirSync(folder).map((file) => ({
  path: file,
  languageId: sourceLanguage(file) ?? '',
  text: readFileSync(join(folder, file), 'utf8'),
}));
const detector = realDetector(['cheap']);
after(() => detector.dispose());

/** What a keystroke, a paste or a broken file can put into a source. */
const scraps = fc.oneof(
  fc.constantFrom(
    '"',
    "'",
    '`',
    '"""',
    '${',
    '}',
    '{',
    '(',
    ')',
    '[',
    ',',
    '\n',
    '\r\n',
    '\\',
    '+',
    '😀',
    '\ud83d',
    '\0',
    '\u2028',
    'model="gpt-4o"',
    '{{',
    '---\n',
    '<SystemMessage>',
    'f"{',
    '# ',
    '/*',
    'role: "user", content: "',
    'r#"',
    '"#',
    '$@"',
    '$$"""',
    '{{x}}',
    '%s %%',
    'format!("{',
    'vec![',
    ' => ',
    '.model("o3")',
    '@SystemMessage(',
    '|\n',
    '>-\n  ',
    'model: ',
    '- ',
    '<<~EOS',
    "'''",
    '```\n',
    '<<EOF\n',
    '${X:-gpt-4o}',
    '-d \'{"model": ',
  ),
  fc.string({ maxLength: 5 }),
);

interface Mutation {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.oneof(fc.nat(3), fc.nat(80)),
  inserted: scraps,
});

function mutate(text: string, mutations: readonly Mutation[]): string {
  let result = text;
  for (const { at, removed, inserted } of mutations) {
    const start = Math.floor(at * result.length);
    result = result.slice(0, start) + inserted + result.slice(start + removed);
  }
  return result;
}

function assertWithin(outer: Span, inner: Span): void {
  assert.ok(inner.start >= outer.start && inner.end <= outer.end && inner.start <= inner.end);
}

function assertSound(text: string, findings: readonly Finding[]): void {
  const whole = { start: 0, end: text.length };
  let previous = -1;
  for (const finding of findings) {
    assertWithin(whole, finding.span);
    assert.ok(finding.span.end > finding.span.start);
    assert.ok(finding.span.start >= previous, 'findings are in document order');
    previous = finding.span.start;
    if (finding.call) assertWithin(whole, finding.call);
    if (finding.kind === 'model') {
      assertWithin(finding.literal, finding.span);
      // Model ids have no escapes worth speaking of: what is shown is what stands there. A shell joins `"gpt-4o"-mini`.
      const written = text.slice(finding.span.start, finding.span.end);
      if (!/[\\"']/.test(written)) assert.equal(written, finding.text);
    }
    if (finding.kind === 'const') assert.equal(text.slice(finding.span.start, finding.span.end), finding.text);
    if (finding.kind === 'prompt') {
      const pieces = [...finding.parts.map((part) => part.span), ...finding.holes].sort((a, b) => a.start - b.start);
      let end = finding.span.start;
      for (const piece of pieces) {
        assertWithin(finding.span, piece);
        assert.ok(piece.start >= end, 'parts and holes do not overlap');
        end = piece.end;
      }
    }
  }
}

test('whatever happens to a source, findings lie in it and read as they say', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...sources),
    fc.array(mutation, { maxLength: 6 }),
    async (source, mutations) => {
      const text = mutate(source.text, mutations);
      assertSound(text, await detector.detect({ ...source, text }));
    },
  );
  await fc.assert(property, { numRuns: soakRounds(300) });
});

test('detection is a function of its source: the second time gives the same', async () => {
  for (const source of sources) assert.deepEqual(await detector.detect(source), await detector.detect(source));
});
