import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelMapLanguage } from '../../../src/config/modelMapNames.ts';
import { mapPlace } from '../../../src/extension/alias/mapPlace.ts';

const fileName = 'tollgateModels.ts';

function place(source: string, files: readonly string[], language: ModelMapLanguage = 'typescript') {
  const name = language === 'python' ? 'tollgate_models.py' : fileName;
  return mapPlace(source, '/ws', language, name, async (path) => files.includes(path));
}

test('Python: beside the script that is started', async () => {
  assert.deepEqual(await place('/ws/app/main.py', [], 'python'), {
    path: '/ws/app/tollgate_models.py',
    inPackage: false,
  });
});

test('Python: in the topmost package folder, for a relative import', async () => {
  const files = ['/ws/lib/acme/__init__.py', '/ws/lib/acme/llm/__init__.py'];
  assert.deepEqual(await place('/ws/lib/acme/llm/call.py', files, 'python'), {
    path: '/ws/lib/acme/tollgate_models.py',
    inPackage: true,
  });
  assert.deepEqual(await place('/ws/a.py', ['/ws/__init__.py', '/__init__.py'], 'python'), {
    path: '/ws/tollgate_models.py',
    inPackage: true,
  });
});

test('scripts: where their npm package has its sources', async () => {
  const files = ['/ws/packages/web/package.json', '/ws/package.json'];
  assert.equal((await place('/ws/packages/web/src/a/b.ts', files)).path, `/ws/packages/web/src/${fileName}`);
  assert.equal((await place('/ws/packages/web/scripts/b.ts', files)).path, `/ws/packages/web/${fileName}`);
  assert.equal((await place('/ws/b.ts', [])).path, `/ws/${fileName}`);
  assert.equal((await place('/ws/deep/er/b.ts', [])).path, `/ws/${fileName}`);
  assert.equal((await place('/ws/srcs/b.ts', [])).path, `/ws/${fileName}`);
});

test('scripts: one that is there already on the way up is used', async () => {
  const files = ['/ws/package.json', `/ws/app/${fileName}`];
  assert.equal((await place('/ws/app/deep/b.ts', files)).path, `/ws/app/${fileName}`);
});

test('a file outside the folder does not send the search up to the root of the disk', async () => {
  assert.equal((await place('/elsewhere/b.ts', ['/package.json'])).path, `/ws/${fileName}`);
});
