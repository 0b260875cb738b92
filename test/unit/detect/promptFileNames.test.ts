import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { minimatch } from 'minimatch';
import { promptFileFormat, promptFileNames } from '../../../src/detect/promptFile/promptFileNames.ts';
import { realDetector } from '../../support/detector.ts';

const detector = realDetector();
after(() => detector.dispose());

const examples: Readonly<Record<string, string>> = {
  'a/x.prompty': 'prompty',
  '.github/prompts/x.prompt.md': 'command',
  'x.chatmode.md': 'command',
  '.github/agents/x.agent.md': 'command',
  '.github/agents/reviewer.md': 'command',
  '.github/instructions/x.instructions.md': 'memory',
  '.github/copilot-instructions.md': 'memory',
  'a/.claude/agents/x.md': 'command',
  '.claude/commands/git/commit.md': 'command',
  'CLAUDE.md': 'memory',
  'packages/a/AGENTS.md': 'memory',
  'skills/notes/SKILL.md': 'memory',
  '.cursorrules': 'memory',
  '.cursor/rules/style.mdc': 'memory',
  'x.prompt': 'dotprompt',
  'baml_src/x.baml': 'baml',
  'x.poml': 'poml',
  'plugins/Fun/Joke/skprompt.txt': 'template',
  'patterns/summarize/system.md': 'template',
  'src/prompts/planner.md': 'template',
  'app/prompts/deep/planner.j2': 'template',
  'prompt/planner.txt': 'template',
  'requests.jsonl': 'requestLines',
};

test('prompt files are known by their names, and editors find them by globs', () => {
  for (const [path, format] of Object.entries(examples)) {
    assert.equal(promptFileFormat(path), format, path);
    assert.equal(promptFileFormat(`C:\\work\\${path.replaceAll('/', '\\')}`), format, path);
    const row = promptFileNames.find(({ name }) => name.test(path));
    assert.ok(row && minimatch(path, row.glob, { dot: true }), path);
  }
});

test('documentation, and what only lies beside prompts, is none', () => {
  const others = [
    'README.md',
    'prompts/README.md',
    'docs/prompts/overview.md',
    'src/prompts/planner.ts',
    'src/agents.md.ts',
    'prompt.txt',
    'agents/planner.md',
    'templates/mail.j2',
    'notes/CLAUDE.txt',
  ];
  for (const path of others) assert.equal(promptFileFormat(path), undefined, path);
});

test('names of a tool are no models, and what goes along with a session says so', async () => {
  const text = '---\nmodel: opus\n---\nYou plan the work.\n';
  const claude = await detector.detect({ languageId: 'markdown', path: '.claude/agents/planner.md', text });
  assert.deepEqual(
    claude.map(({ kind }) => kind),
    ['prompt'],
  );
  const [memory] = await detector.detect({ languageId: 'markdown', path: 'CLAUDE.md', text: 'Use tabs.\n' });
  assert.equal(memory?.kind === 'prompt' && memory.perSession, true);
  const template = 'Summarise {{$input}} for {{ name }}.{# not sent #}{% if x %} Now.{% endif %}';
  const [prompt] = await detector.detect({ languageId: 'plaintext', path: 'a/skprompt.txt', text: template });
  assert.equal(prompt?.kind, 'prompt');
  assert.deepEqual(
    prompt.parts.map((part) => part.text),
    ['Summarise ', ' for ', '.', ' Now.'],
  );
});
