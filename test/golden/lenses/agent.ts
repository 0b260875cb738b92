import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { models } from './tollgateModels.js';

const openai = new OpenAI();
const anthropic = new Anthropic();

const system = `You are the dispatcher of a courier service. You read a message of a driver, decide which of the tools is
needed, and answer with one short sentence for the customer. Never promise a time that the driver did not name.`;

export async function plan(message: string) {
  return openai.chat.completions.create({
    model: models.cheap,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: `The driver writes: ${message}\nAnswer in the language of the customer, which is ${'Danish'}, and keep street names as they are written.` },
    ],
  });
}

export async function check(answer: string) {
  return anthropic.messages.create({
    model: 'claude-sonnet-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Read the answer below as a customer would. Say in one word whether it is friendly, and in one sentence what to change about it. ' + answer }],
  });
}

export const embed = (input: string) => openai.embeddings.create({ model: 'text-embedding-3-small', input });
export const own = (input: string) => openai.responses.create({ model: 'acme-large-2', input });
