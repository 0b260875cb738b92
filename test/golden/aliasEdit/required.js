const { models } = require('./tollgateModels.cjs');
const Anthropic = require('@anthropic-ai/sdk');
new Anthropic().messages.create({ model: models.cheap, max_tokens: 5, messages: [] });
