// A program as a user writes it: the Anthropic SDK, configured by the environment alone. Prints one JSON line per call.
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic();
const model = process.env.PROGRAM_MODEL ?? 'claude-haiku-4-5';
const question = { model, max_tokens: 200, messages: [{ role: 'user', content: 'hello, how are you?' }] };
const say = (name, value) => console.log(JSON.stringify({ name, ...value }));
const textOf = (message) => message.content.map((block) => block.text ?? '').join('');

const calls = {
  async messages() {
    const { data, response } = await client.messages.create(question).withResponse();
    return { text: textOf(data), usage: data.usage, demo: response.headers.get('x-tollgate-demo') };
  },
  async messagesStream() {
    const message = await client.messages.stream(question).finalMessage();
    return { text: textOf(message), stop: message.stop_reason, usage: message.usage };
  },
  async tools() {
    const message = await client.messages
      .stream({
        ...question,
        messages: [{ role: 'user', content: 'weather in Paris' }],
        tools: [{ name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }],
      })
      .finalMessage();
    const tools = message.content.filter(({ type }) => type === 'tool_use').map(({ name, input }) => [name, input]);
    return { text: textOf(message), tools, stop: message.stop_reason };
  },
  async countTokens() {
    return client.messages.countTokens({ model, messages: question.messages });
  },
  async models() {
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    return { ids };
  },
};

for (const name of process.argv.slice(2)) say(name, await calls[name]());
