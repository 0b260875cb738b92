// A program as a user writes it: the openai SDK, configured by the environment alone. Prints one JSON line per call.
import OpenAI from 'openai';

const client = new OpenAI();
const model = process.env.PROGRAM_MODEL ?? 'gpt-4o-mini';
const messages = [{ role: 'user', content: 'hello, how are you?' }];
const say = (name, value) => console.log(JSON.stringify({ name, ...value }));

const calls = {
  async chat() {
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    return {
      text: data.choices[0].message.content,
      usage: data.usage,
      demo: response.headers.get('x-tollgate-demo'),
      cost: response.headers.get('x-tollgate-cost-status'),
    };
  },
  async chatStream() {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    let text = '';
    let sawUsage = false;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      sawUsage ||= chunk.usage != null || chunk.choices.length === 0;
    }
    return { text, sawUsage };
  },
  async chatTools() {
    const runner = client.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'weather in Paris' }],
      tools: [
        {
          type: 'function',
          function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
        },
      ],
      stream_options: { include_usage: true },
    });
    const final = await runner.finalChatCompletion();
    const [choice] = final.choices;
    return {
      text: choice.message.content,
      tools: choice.message.tool_calls?.map((call) => [call.function.name, call.function.arguments]) ?? [],
      sawUsage: final.usage != null,
    };
  },
  async responses() {
    const response = await client.responses.create({ model, input: 'hello, how are you?' });
    return { text: response.output_text, usage: response.usage };
  },
  async responsesStream() {
    const stream = client.responses.stream({ model, input: 'hello, how are you?' });
    return { text: (await stream.finalResponse()).output_text };
  },
  async embeddings() {
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
    return { dimensions: data.map(({ embedding }) => embedding.length) };
  },
  async models() {
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    return { ids };
  },
  async wrongModel() {
    try {
      await client.chat.completions.create({ messages });
      return { refused: undefined };
    } catch (error) {
      return { refused: error.constructor.name, status: error.status };
    }
  },
};

for (const name of process.argv.slice(2)) say(name, await calls[name]());
