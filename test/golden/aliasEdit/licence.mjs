/*
 * A licence.
 */

import { models } from '../tollgateModels.js';

/** Asks. */
export const ask = (openai) => openai.responses.create({ model: models.cheap, input: 'Say hello to the world.' });
