import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrackedDocument } from '../../../src/detect/finding.ts';
import { KeptDocuments } from '../../../src/extension/analysis/keptDocuments.ts';

/** Documents that note what happens to them. */
function tracker(): { track: (name: string) => () => TrackedDocument; log: string[] } {
  const log: string[] = [];
  const track = (name: string) => (): TrackedDocument => {
    log.push(`track ${name}`);
    return {
      edit: (changes) => log.push(`edit ${name} ${changes.length}`),
      detect: async () => [],
      calls: async () => [],
      dispose: () => log.push(`dispose ${name}`),
    };
  };
  return { track, log };
}

test('a document is kept once, and edits reach it alone', () => {
  const { track, log } = tracker();
  const kept = new KeptDocuments(2);
  assert.equal(kept.of('a', track('a')), kept.of('a', track('again')));
  kept.edit('a', [{ start: 0, length: 0, text: 'x' }]);
  kept.edit('b', [{ start: 0, length: 0, text: 'x' }]);
  assert.deepEqual(log, ['track a', 'edit a 1']);
});

test('what is kept is let go when the document closes, makes room, or all ends', () => {
  const { track, log } = tracker();
  const kept = new KeptDocuments(2);
  for (const name of ['a', 'b']) kept.of(name, track(name));
  // Edits are no looks: the document typed in is looked at soon after.
  kept.of('a', track('a'));
  kept.of('c', track('c'));
  kept.forget('a');
  kept.forget('a');
  kept.dispose();
  assert.deepEqual(log, ['track a', 'track b', 'track c', 'dispose b', 'dispose a', 'dispose c']);
});
