/**
 * A program as a user would write it, run as a child process with nothing but a base URL and a key in its environment:
 * `node sdkProgram.ts openai|anthropic`. Prints one line of JSON per call: its name and what the SDK made of the answer.
 */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

type Outcome = Promise<unknown>;

async function report(name: string, outcome: Outcome): Promise<void> {
  const said = await outcome.then(
    (value) => ({ value }),
    (error: Error & { status?: number; code?: string; type?: string }) => ({
      error: error.constructor.name,
      status: error.status,
      code: error.code,
      type: error.type,
      message: error.message,
    }),
  );
  console.log(JSON.stringify({ name, ...said }));
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const question = (content: string) => [{ role: 'user' as const, content }];
const chatTool = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

async function openaiProgram(): Promise<void> {
  const client = new OpenAI({ maxRetries: 1 });
  const model = 'gpt-test';
  const chat = client.chat.completions;
  await report('chat', chat.create({ model, messages: question('hello') }));
  await report('chatStream', chat.create({ model, messages: question('hello'), stream: true }).then(all));
  const usage = { include_usage: true };
  await report(
    'chatStreamUsage',
    chat.create({ model, messages: question('hello'), stream: true, stream_options: usage }).then(all),
  );
  await report('chatStreamHelper', chat.stream({ model, messages: question('hello') }).finalContent());
  await report('chatTools', chat.create({ model, messages: question('weather'), tools: [chatTool] }));
  await report(
    'chatToolsStream',
    chat.create({ model, messages: question('weather'), tools: [chatTool], stream: true }).then(all),
  );
  await report(
    'responses',
    client.responses.create({ model, input: 'hello' }).then((answer) => answer.output_text),
  );
  await report('responsesStream', client.responses.create({ model, input: 'hello', stream: true }).then(all));
  await report('embeddings', client.embeddings.create({ model: 'embed-test', input: 'hello' }));
  await report('failing', chat.create({ model, messages: question('fail') }));
  await report('cut', chat.create({ model, messages: question('cut'), stream: true }).then(all));
  await report('aborted', aborted(chat.create({ model, messages: question('slow'), stream: true })));
}

async function anthropicProgram(): Promise<void> {
  const client = new Anthropic({ maxRetries: 1 });
  const base = { model: 'claude-test', max_tokens: 100 };
  const { messages } = client;
  await report('message', messages.create({ ...base, messages: question('hello') }));
  await report('stream', messages.create({ ...base, messages: question('hello'), stream: true }).then(all));
  await report('streamHelper', messages.stream({ ...base, messages: question('hello') }).finalText());
  const tools = [{ name: 'get_weather', input_schema: { type: 'object' as const, properties: {} } }];
  await report('tools', messages.create({ ...base, messages: question('weather'), tools }));
  await report('toolsStream', messages.stream({ ...base, messages: question('weather'), tools }).finalMessage());
  await report('failing', messages.create({ ...base, messages: question('fail') }));
  await report('cut', messages.create({ ...base, messages: question('cut'), stream: true }).then(all));
  await report('aborted', aborted(messages.create({ ...base, messages: question('slow'), stream: true })));
}

/** Leaves a stream after its first event, as agents do. */
async function aborted(stream: Promise<AsyncIterable<unknown> & { controller: AbortController }>): Promise<string> {
  const events = await stream;
  for await (const _event of events) events.controller.abort();
  return 'left';
}

await (process.argv[2] === 'anthropic' ? anthropicProgram() : openaiProgram());
