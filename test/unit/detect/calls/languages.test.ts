import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { realDetector } from '../../../support/detector.ts';

const detector = realDetector();
after(() => detector.dispose());

/** Of each call: callee, keys, loops, and what is said about its place. */
async function facts(languageId: string, text: string): Promise<string[]> {
  const calls = await detector.calls({ languageId, path: 'app.src', text });
  return calls.map((call) => {
    const keys = call.open ? '…' : [...call.keys.keys()].join(' ');
    const place = [
      ...call.loops.map(({ kind }) => kind),
      ...(call.inHandler ? ['handler'] : []),
      ...(call.retry ? [`${call.retry.by} ${call.retry.attempts}`] : []),
      ...(call.result.kind === 'assigned' ? [`= ${call.result.name}`] : []),
    ];
    return `${call.callee}(${keys}) ${place.join(', ')}`.trim();
  });
}

test('Go: request structs, range, handlers, loops of attempts', async () => {
  const source = `package main
import "github.com/openai/openai-go"
func rate(ctx context.Context, texts []string) {
	for _, text := range texts {
		answer, err := client.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{
			Model: "gpt-4o",
			Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
		})
	}
}
func handle(w http.ResponseWriter, r *http.Request) {
	resp, err := client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{Model: openai.GPT4o, MaxTokens: 10})
}
func again() {
	for attempt := 0; attempt < 5; attempt++ {
		resp, err := client.Chat.Completions.New(ctx, params)
		if err == nil { return resp }
	}
}
`;
  assert.deepEqual(await facts('go', source), [
    'client.chat.completions.new(model messages) over, = answer',
    'client.create_chat_completion(model max_tokens) handler, = resp',
    'client.chat.completions.new(…) counted, loop 5, = resp',
  ]);
});

test('Java: builders, annotations, streams', async () => {
  const source = `import com.openai.client.OpenAIClient;
class A {
  @PostMapping("/ask")
  String ask(Body body) { return client.chat().completions().create(params).choices(); }
  void rate(List<String> texts) {
    for (String text : texts) { var answer = client.chat().completions().create(build(text)); }
    texts.stream().map(text -> client.chat().completions().create(build(text))).toList();
  }
  @Retryable(maxAttempts = 4)
  String again() { return client.responses().create(params); }
}
`;
  assert.deepEqual(await facts('java', source), [
    'client.chat.completions.create(…) handler',
    'client.chat.completions.create(…) over, = answer',
    'client.chat.completions.create(…) map',
    'client.responses.create(…) decorator 4',
  ]);
});

test('Ruby: a hash for the request, keywords, blocks', async () => {
  const source = `require "openai"
def rate(texts)
  texts.each do |text|
    answer = client.chat(parameters: { model: "gpt-4o", messages: [{ role: "user", content: text }] })
  end
  texts.map { |text| client.chat.completions.create(model: "gpt-4o", messages: build(text), max_tokens: 4) }
  client.chat(parameters: params)
end
`;
  assert.deepEqual(await facts('ruby', source), [
    'client.chat(parameters model messages) map, = answer',
    'client.chat.completions.create(model messages max_tokens) map',
    'client.chat(…)',
  ]);
});

test('C#, Kotlin, PHP and Rust', async () => {
  const cSharp = `using OpenAI.Chat;
class A {
  [HttpPost("ask")]
  public async Task<string> Ask(Body body) {
    ChatCompletion completion = await client.CompleteChatAsync(messages);
    for (int attempt = 0; attempt < 3; attempt++) { try { return client.CompleteChat("hi"); } catch (Exception) { } }
  }
}
`;
  assert.deepEqual(await facts('csharp', cSharp), [
    'client.complete_chat_async(…) handler, = completion',
    'client.complete_chat() counted, handler, loop 3',
  ]);
  const kotlin = `import com.openai.client.OpenAIClient
fun rate(texts: List<String>) {
  for (text in texts) { val answer = client.chat().completions().create(params) }
  texts.map { client.chat().completions().create(build(it)) }
}
`;
  assert.deepEqual(await facts('kotlin', kotlin), [
    'client.chat.completions.create(…) over, = answer',
    'client.chat.completions.create(…) map',
  ]);
  const php = `<?php
function ask(Request $request) {
  $result = $client->chat()->create(['model' => 'gpt-4o', 'messages' => $messages]); // openai
}
`;
  assert.deepEqual(await facts('php', php), ['client.chat.create(model messages) handler, = $result']);
  const rust = `use async_openai::Client;
async fn rate(texts: Vec<String>) {
  for text in texts { let answer = client.chat().create(request).await?; }
}
`;
  assert.deepEqual(await facts('rust', rust), ['client.chat.create(…) over, = answer']);
});
