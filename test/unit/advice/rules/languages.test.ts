import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAdviser } from '../../../support/advise.ts';

const { advise, dispose } = createAdviser();
after(dispose);

/** Rules with the text they are shown at. */
async function advice(languageId: string, text: string): Promise<string[]> {
  const given = await advise('all', languageId, text);
  return given.map(({ rule, span }) => `${rule}: ${text.slice(span.start, span.end)}`);
}

const classify = 'Classify the following ticket as bug, question or praise.';

test('Go: the rules work on request structs', async () => {
  const call = (more: string): string =>
    `package main\nimport "github.com/openai/openai-go"\nfunc run() {\n\tanswer, err := client.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{Model: "gpt-4o", Messages: messages("${classify}")${more}})\n\tuse(answer, err)\n}\n`;
  assert.deepEqual(await advice('go', call('')), ['missing-max-tokens: New']);
  assert.deepEqual(await advice('go', call(', MaxCompletionTokens: openai.Int(20)')), []);
  const retried = `package main\nimport "github.com/openai/openai-go"\nfunc run() {\n\tfor attempt := 0; attempt < 5; attempt++ {\n\t\tanswer, err := client.Chat.Completions.New(ctx, params)\n\t\tif err == nil {\n\t\t\treturn\n\t\t}\n\t\tuse(answer)\n\t}\n}\n`;
  assert.deepEqual(await advice('go', retried), ['retry-storm: New']);
});

test('Java: annotations and handlers', async () => {
  const retried = `import com.openai.client.OpenAIClient;\nclass A {\n  @Retryable(maxAttempts = 4)\n  Object run() { return client.responses().create(params); }\n}\n`;
  assert.deepEqual(await advice('java', retried), ['retry-storm: create']);
  assert.deepEqual(await advice('java', retried.replace('@Retryable(maxAttempts = 4)', '@Override')), []);
});

test('Ruby: hashes of a request', async () => {
  const call = (more: string): string =>
    `require "openai"\nanswer = client.chat(parameters: { model: "gpt-4o", messages: messages${more} })\nputs answer\n`;
  assert.deepEqual(await advice('ruby', call('')), ['missing-max-tokens: chat']);
  assert.deepEqual(await advice('ruby', call(', max_tokens: 20')), []);
  assert.deepEqual(await advice('ruby', call(', max_tokens: 20, user: account.email')), [
    'pii-in-metadata: account.email',
  ]);
});

test('PHP: arrays of a request, and a loop', async () => {
  const call = `<?php\nuse OpenAI;\nforeach ($texts as $text) {\n  $all[] = $client->responses()->create(['model' => 'gpt-4o', 'input' => $text, 'max_output_tokens' => 9]);\n}\n`;
  assert.deepEqual(await advice('php', call), ['batchable-loop: create']);
  assert.deepEqual(await advice('php', call.replace('foreach ($texts as $text)', 'while (true)')), []);
});
