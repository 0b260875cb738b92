import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type Finding, promptText } from '../../../src/detect/finding.ts';
import { createModelOfPrompt } from '../../../src/detect/modelOfPrompt.ts';
import { sourceLanguage } from '../../../src/detect/sourceLanguage.ts';
import { createLinePositions } from '../../../src/scan/linePositions.ts';
import { realDetector } from '../../support/detector.ts';
import { assertGolden } from '../../support/golden.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/findings');
const detector = realDetector(['cheap']);
after(() => detector.dispose());

/** One finding as text: where, what, and of a prompt its role, its model, its holes and its decoded text. */
function describeFinding(text: string, findings: readonly Finding[], finding: Finding): string {
  const at = createLinePositions(text);
  const [start, end] = [at(finding.span.start), at(finding.span.end)];
  const place = `${start.line + 1}:${start.col + 1}-${end.line + 1}:${end.col + 1}`;
  if (finding.kind !== 'prompt') return `${place} ${finding.kind} ${finding.text}`;
  const holes = finding.holes.map((hole) => text.slice(hole.start, hole.end).replace(/\s+/g, ' '));
  const model = createModelOfPrompt(findings, text)(finding)?.text ?? '?';
  const details = [finding.role ?? '-', `to ${model}`, ...(holes.length > 0 ? [`holes ${holes.join(' | ')}`] : [])];
  return `${place} prompt (${details.join('; ')}) ${JSON.stringify(promptText(finding))}`;
}

describe('findings of the fixtures', () => {
  for (const file of readdirSync(fixtures)) {
    test(file, async () => {
      const text = readFileSync(join(fixtures, file), 'utf8');
      const languageId = sourceLanguage(file);
      assert.ok(languageId);
      const findings = await detector.detect({ languageId, path: `src/${file}`, text });
      const lines = findings.map((finding) => describeFinding(text, findings, finding));
      assertGolden(`findings/${file}.txt`, lines.map((line) => `${line}\n`).join(''));
    });
  }
});
