import OpenAI from 'openai';
import { models } from '../tollgateModels.js';

const client = new OpenAI();
client.responses.create({ model: models.cheap, input: 'Say hello to the world.' });
