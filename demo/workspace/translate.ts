// Translates an answer for the shop's own language. TypeScript, so that the demo shows a lens there too.
import OpenAI from 'openai';

const client = new OpenAI();

export async function translate(text: string, language: string): Promise<string> {
  const response = await client.responses.create({
    model: 'gpt-4o-mini',
    max_output_tokens: 400,
    instructions: 'Translate what the user writes. Keep names, numbers and links as they are. Answer with the translation only.',
    input: `Translate into ${language}:\n\n${text}`,
  });
  return response.output_text;
}
