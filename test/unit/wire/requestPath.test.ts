import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRequestPath } from '../../../src/wire/requestPath.ts';

const cases: readonly (readonly [string, string, object])[] = [
  [
    'POST',
    '/v1/chat/completions',
    { provider: undefined, rest: '/chat/completions', versioned: true, query: '', endpoint: 'chat.completions' },
  ],
  [
    'POST',
    '/chat/completions?a=1?b',
    { rest: '/chat/completions', versioned: false, query: '?a=1?b', endpoint: 'chat.completions' },
  ],
  ['POST', '/messages', { rest: '/messages', endpoint: 'messages' }],
  ['POST', '/v1/messages?beta=true', { endpoint: 'messages', query: '?beta=true' }],
  ['POST', '/v1/v1/messages', { rest: '/messages', versioned: true, endpoint: 'messages' }],
  ['POST', '/v1/messages/count_tokens', { endpoint: 'messages.count_tokens' }],
  ['POST', '/v1/messages/batches', { rest: '/messages/batches', endpoint: undefined }],
  ['POST', '/v1/threads/t1/messages', { rest: '/threads/t1/messages', endpoint: undefined }],
  ['POST', '/v1/responses', { endpoint: 'responses' }],
  ['GET', '/v1/responses/resp_1', { endpoint: undefined }],
  ['POST', '/v1/embeddings', { endpoint: 'embeddings' }],
  ['POST', '/v1/completions', { endpoint: 'completions' }],
  ['GET', '/v1/chat/completions', { endpoint: undefined }],
  ['GET', '/v1/models', { endpoint: 'models' }],
  ['GET', '/v1/models/gpt-4o', { endpoint: undefined }],
  [
    'POST',
    '/p/groq/v1/chat/completions',
    { provider: 'groq', rest: '/chat/completions', endpoint: 'chat.completions' },
  ],
  ['GET', '/p/groq', { provider: 'groq', rest: '/', endpoint: undefined }],
  ['POST', '/p/a/files/x%2Fy/content', { provider: 'a', rest: '/files/x%2Fy/content', endpoint: undefined }],
  ['POST', '/constructor', { rest: '/constructor', endpoint: undefined }],
  [
    'POST',
    '/p/azure/openai/deployments/my%20gpt+4%26/chat/completions?api-version=2024-10-21',
    {
      rest: '/openai/deployments/my%20gpt+4%26/chat/completions',
      query: '?api-version=2024-10-21',
      endpoint: 'chat.completions',
      deployment: { name: 'my gpt+4&', operation: '/chat/completions' },
    },
  ],
  ['POST', '/p/az/openai/deployments/e/embeddings', { endpoint: 'embeddings' }],
  ['POST', '/p/az/openai/deployments/c/completions', { endpoint: 'completions' }],
  ['GET', '/p/az/openai/deployments/c/completions', { endpoint: undefined }],
  ['POST', '/p/az/openai/deployments/c/audio/speech', { endpoint: undefined }],
  ['POST', '/openai/deployments/c/completions', { endpoint: undefined }],
  ['GET', '/v1', { rest: '/', versioned: true }],
  ['GET', '/v11/models', { rest: '/v11/models', versioned: false, endpoint: undefined }],
];

for (const [method, path, expected] of cases)
  test(`${method} ${path}`, () => {
    const read = readRequestPath(method, path);
    assert.deepEqual({ ...read, ...expected }, read);
  });
