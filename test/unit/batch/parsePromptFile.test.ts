import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxPromptFileBytes, parsePromptFile, promptFormatOf } from '../../../src/batch/parsePromptFile.ts';
import type { TemplateFormat as FileFormat, PromptRequest } from '../../../src/batch/promptFile.ts';

function parse(text: string, format: FileFormat = 'plain') {
  return parsePromptFile(Buffer.from(text), format);
}

function request(text: string, format: FileFormat = 'plain'): PromptRequest {
  const parsed = parse(text, format);
  if (parsed.kind === 'refused') assert.fail(`refused: ${parsed.reason}`);
  return parsed.request;
}

function reason(text: string, format: FileFormat = 'plain'): string {
  const parsed = parse(text, format);
  if (parsed.kind === 'prompt') assert.fail(`taken: ${JSON.stringify(parsed.request)}`);
  return parsed.reason;
}

const bare = { model: undefined, parameters: {}, maxOutputTokens: undefined, wantsJson: false, ignored: [] };

test('a plain file is one user message', () => {
  assert.deepEqual(request(`\uFEFF\n# Title\r\n\r\nSay {one} and \${{ two }}.\n\n`), {
    ...bare,
    messages: [{ role: 'user', content: `# Title\r\n\r\nSay {one} and \${{ two }}.` }],
  });
});

test('front matter gives model, system and settings in any spelling', () => {
  const text = `---
title: ignored silently
model: cheap
system: |
  Be brief.
temperature: 0.2
maxOutputTokens: 50
top_p: 0.9
stopSequences: [END]
config: { topK: 40, seed: 7 }
tools: [search]
---
Hello.
---
not a second header`;
  assert.deepEqual(request(text), {
    model: 'cheap',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello.\n---\nnot a second header' },
    ],
    parameters: { seed: 7, temperature: 0.2, top_p: 0.9, stop: ['END'] },
    maxOutputTokens: 50,
    wantsJson: false,
    ignored: ['topK', 'tools'],
  });
});

test('a rule without an end, and an empty header, are no settings', () => {
  assert.deepEqual(request('---\nno: end').messages, [{ role: 'user', content: '---\nno: end' }]);
  assert.deepEqual(request('---\n---\nHi').messages, [{ role: 'user', content: 'Hi' }]);
});

test('variables are filled once, from values, defaults and paths', () => {
  const text = `---
variables: { name: "Ann {{x}}", n: 3, on: true, deep: { er: [1, 2] } }
---
{{name}} {{ n }} {{on}} {{deep.er}} {{#not}} {{{name}}}`;
  assert.equal(request(text).messages[0]?.content, 'Ann {{x}} 3 true [1,2] {{#not}} Ann {{x}}');
});

test('dotprompt: roles, defaults, settings (firebase/genkit)', () => {
  const text = `---
model: googleai/gemini-3-flash-preview
config:
  temperature: 0.7
  maxOutputTokens: 400
input:
  schema:
    theme?: string
  default:
    theme: pirate
output:
  format: json
  schema:
    dish: string
---
{{role "system"}}
You create JSON menus. {{! nobody sees this }}
{{role 'user'}}
A menu for a {{theme}} restaurant; braces stay: \\{{theme}}
{{role "model"}}
Ahoy.`;
  assert.deepEqual(request(text, 'dotprompt'), {
    model: 'googleai/gemini-3-flash-preview',
    messages: [
      { role: 'system', content: 'You create JSON menus.' },
      { role: 'user', content: 'A menu for a pirate restaurant; braces stay: {{theme}}' },
      { role: 'assistant', content: 'Ahoy.' },
    ],
    parameters: {
      temperature: 0.7,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          schema: {
            type: 'object',
            properties: { dish: { type: 'string' } },
            required: ['dish'],
            additionalProperties: false,
          },
        },
      },
    },
    maxOutputTokens: 400,
    wantsJson: true,
    ignored: [],
  });
});

test('Continue: a header without an opening fence, and a system tag', () => {
  const text = `name: Update
temperature: 0.5
maxTokens: 4096
---
<system>
You are careful.
</system>
Update the list.`;
  assert.deepEqual(request(text, 'dotprompt'), {
    ...bare,
    messages: [
      { role: 'system', content: 'You are careful.' },
      { role: 'user', content: 'Update the list.' },
    ],
    parameters: { temperature: 0.5 },
    maxOutputTokens: 4096,
  });
  assert.equal(
    request('Just text.\n---\nMore: text.', 'dotprompt').messages[0]?.content,
    'Just text.\n---\nMore: text.',
  );
});

test('prompty 1 and 2: roles on their own lines, model in its places', () => {
  const legacy = `---
name: Shakespeare
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: gpt-4o
  parameters:
    max_tokens: 300
sample:
  question: Why?
---
system:
You are {# hidden #}Shakespeare.

user:
{{question}}`;
  assert.deepEqual(request(legacy, 'prompty'), {
    ...bare,
    model: 'gpt-4o',
    messages: [
      { role: 'system', content: 'You are Shakespeare.' },
      { role: 'user', content: 'Why?' },
    ],
    maxOutputTokens: 300,
  });
  const second = `---
model: { id: gpt-4o-mini, provider: openai, options: { temperature: 0, maxOutputTokens: 9 } }
inputs:
  - { name: who, default: Ada }
---
user:
Hi {{who}}`;
  assert.deepEqual(request(second, 'prompty'), {
    ...bare,
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hi Ada' }],
    parameters: { temperature: 0 },
    maxOutputTokens: 9,
  });
});

const refusedTexts: readonly (readonly [name: string, text: string, format: FileFormat, reason: RegExp])[] = [
  ['nothing', '', 'plain', /^The prompt is empty/],
  ['white space', ' \n\t\n', 'plain', /^The prompt is empty/],
  ['a header alone', '---\nmodel: gpt-4o\nsystem: x\n---\n', 'plain', /^The prompt is empty/],
  [
    'an unfilled variable',
    'Hi {{ name }} and {{name}} of {{a.b}}',
    'plain',
    /^No value for \{\{name\}\}, \{\{a\.b\}\}\./,
  ],
  ['a null value', '---\nvariables: {name: }\n---\nHi {{name}}', 'plain', /^No value for \{\{name\}\}/],
  ['an unfilled Semantic Kernel variable', 'Do {{$input}}', 'plain', /^No value for \{\{input\}\}/],
  ['a Handlebars block', '{{#each xs}}x{{/each}}', 'dotprompt', /^The template uses \{\{#each xs\}\}/],
  ['a Handlebars partial', 'a {{>part}}', 'dotprompt', /^The template uses \{\{>part\}\}/],
  ['a Jinja statement', '{% if x %}a{% endif %}', 'prompty', /^The template uses \{% if x %\}/],
  ['a Jinja filter', '{{ x | upper }}', 'prompty', /^The template uses \{\{ x \| upper \}\}/],
  ['an editor variable', `Do \${input:what:hint} now`, 'promptMd', /^\$\{input:what:hint\} is filled in by an editor/],
  ['broken YAML', '---\na: [1\n---\nx', 'plain', /^The front matter is not valid YAML: /],
  ['YAML that is no map', '---\n- a\n---\nx', 'plain', /^The front matter is not a list of `key: value`/],
  ['a cycle in YAML', '---\na: &x [*x]\n---\nx', 'plain', /^The front matter is not valid YAML: /],
  ['temperature too high', '---\ntemperature: 3\n---\nx', 'plain', /^`temperature` must be a number from 0 to 2\.$/],
  ['max_tokens of zero', '---\nmax_tokens: 0\n---\nx', 'plain', /^`max_tokens` must be a whole number above 0\.$/],
  ['a model that is a list', '---\nmodel: [a]\n---\nx', 'plain', /^`model` must be a model id or an alias\.$/],
  ['a system that is a map', '---\nsystem: {a: 1}\n---\nx', 'plain', /^`system` must be a text\.$/],
  [
    'a completion API',
    '---\nmodel: {api: completion}\n---\nuser:\nx',
    'prompty',
    /^The file asks for the completion API/,
  ],
  ['an unknown role', '{{role "tool"}}x', 'dotprompt', /^`tool` is no role/],
  [
    'JSON without the word',
    '---\nresponse_format: json_object\n---\nList names.',
    'plain',
    /^A JSON answer is asked for/,
  ],
  ['a response format of no kind', '---\nresponse_format: xml\n---\nx', 'plain', /^`response_format` must be/],
];

for (const [name, text, format, expected] of refusedTexts)
  test(`refused: ${name}`, () => {
    assert.match(reason(text, format), expected);
  });

test('refused: binary, other encodings, too large', () => {
  const binary = parsePromptFile(Uint8Array.of(0x50, 0, 0x01), 'plain');
  assert.equal(binary.kind === 'refused' && binary.reason, 'The file is binary, or not UTF-8 text. Save it as UTF-8.');
  assert.equal(parsePromptFile(Buffer.from('héllo', 'latin1'), 'plain').kind, 'refused');
  assert.equal(parsePromptFile(Buffer.from('hello', 'utf16le'), 'plain').kind, 'refused');
  const large = parsePromptFile(Buffer.alloc(maxPromptFileBytes + 1, 'a'), 'plain');
  assert.match(large.kind === 'refused' ? large.reason : '', /^The file is 8\.0 MB; a prompt file may have 8\.0 MB/);
});

test('a JSON schema needs no word', () => {
  const text = '---\nresponse_format: {type: json_schema, json_schema: {name: a, schema: {}}}\n---\nList names.';
  assert.equal(request(text).wantsJson, true);
});

test('`inherit` and an empty model are no model', () => {
  assert.equal(request('---\nmodel: inherit\n---\nx').model, undefined);
  assert.equal(request('---\nmodel: " "\n---\nx').model, undefined);
});

test('the format is decided by the name', () => {
  const decided = (name: string): string => {
    const format = promptFormatOf(name);
    return format.kind === 'format' ? format.format : format.reason;
  };
  assert.equal(decided('a.MD'), 'plain');
  assert.equal(decided('a.txt'), 'plain');
  assert.equal(decided('a.prompt'), 'dotprompt');
  assert.equal(decided('a.prompty'), 'prompty');
  assert.equal(decided('a.prompt.md'), 'promptMd');
  assert.equal(decided('a.jsonl'), 'rows');
  assert.equal(decided('a.prompt.yml'), 'promptYml');
  assert.equal(decided('promptfooconfig.yaml'), 'yaml');
  assert.equal(decided('a.json'), 'messageSet');
  assert.match(decided('a.py'), /^a\.py is not a prompt file/);
  for (const name of ['a.result.md', 'a.result.2.md', 'a.result.json', 'a.results.jsonl', 'a.results.3.jsonl'])
    assert.equal(decided(name), 'This is a result of an earlier batch job.');
  assert.equal(decided('result.md'), 'plain');
});

test('reading a file never throws', () => {
  const format = fc.constantFrom<FileFormat>('plain', 'promptMd', 'dotprompt', 'prompty', 'promptYml');
  const fragment = fc.constantFrom(
    '---\n',
    '---',
    'model: ',
    '{{',
    '}}',
    '{{{a}}}',
    '{% x %}',
    '{#',
    'role "user"',
    'system:\n',
    '<system>',
    `\${input:`,
    '\\',
    '&a',
    '*a',
    '\n',
    ': ',
    '- ',
    '__proto__: {a: 1}\n',
    'variables:\n  a: 1\n',
    'constructor',
    '\u0000',
    '\uD800',
  );
  const text = fc.array(fc.oneof(fragment, fc.string(), fc.string({ unit: 'grapheme' })), { maxLength: 14 });
  fc.assert(
    fc.property(text, format, (parts, kind) => {
      const parsed = parse(parts.join(''), kind);
      if (parsed.kind === 'refused') assert.notEqual(parsed.reason, '');
      else for (const { content } of parsed.request.messages) assert.notEqual(content.trim(), '');
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), format, (bytes, kind) => {
      const parsed = parsePromptFile(bytes, kind);
      assert.ok(parsed.kind === 'refused' || parsed.kind === 'prompt');
    }),
  );
});
