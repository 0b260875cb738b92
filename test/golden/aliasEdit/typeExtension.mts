import type {
  Message,
} from './message.ts';
import 'dotenv/config';
import { models } from '../tollgateModels.ts';

type Model = 'gpt-4o' | 'gpt-4o-mini';
export async function ask(messages: Message[], model: Model = models.cheap) {
  return client.chat.completions.create({ model, messages });
}
