import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shippedCatalog } from '../../support/detector.ts';

const catalog = shippedCatalog();
const named = (identifier: string): string => {
  const found = catalog.lookupIdentifier(identifier);
  return found.kind === 'known' ? `${found.model.provider}/${found.model.id}` : 'unknown';
};

describe('the model that an identifier is named after', () => {
  const cases = {
    'openai.GPT4o': 'openai/gpt-4o',
    'openai.ChatModelGPT4oMini': 'openai/gpt-4o-mini',
    'ChatModel.GPT_4O_MINI': 'openai/gpt-4o-mini',
    'shared.ChatModelGPT5_1': 'openai/gpt-5.1',
    'openai.GPT3Dot5Turbo': 'openai/gpt-3.5-turbo',
    'Model::O3Mini': 'openai/o3-mini',
    'anthropic.ModelClaude3_5SonnetLatest': 'anthropic/claude-3-5-sonnet',
    'Model.CLAUDE_3_5_SONNET_20241022': 'anthropic/claude-3-5-sonnet',
    'AnthropicModels.ClaudeSonnet4_5': 'anthropic/claude-sonnet-4-5',
    'GoogleModels.Gemini2_0Flash': 'google/gemini-2.0-flash',
    'EmbeddingModel.TEXT_EMBEDDING_3_SMALL': 'openai/text-embedding-3-small',
  };
  for (const [identifier, model] of Object.entries(cases))
    test(identifier, () => assert.equal(named(identifier), model));

  for (const identifier of ['MODEL_NAME', 'Foo.Bar', 'models.large', 'GPT', 'SHA256', 'o', '', 'openai.GPT4oThing9'])
    test(`none: "${identifier}"`, () => assert.equal(named(identifier), 'unknown'));
});
