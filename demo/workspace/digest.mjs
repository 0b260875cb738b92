// Writes the evening digest of the day's questions, streamed.
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic();

/** @param {readonly string[]} questions */
export async function digest(questions) {
  const stream = client.messages.stream(
    {
      model: 'claude-sonnet-5',
      max_tokens: 400,
      system: 'You write the evening digest for the support team: three bullet points, the most frequent problem first, no names.',
      messages: [{ role: 'user', content: `Questions of today:\n${questions.map((question) => `- ${question}`).join('\n')}` }],
    },
    { headers: { 'x-tollgate-tags': 'feature=digest' } },
  );
  return stream.finalText();
}
