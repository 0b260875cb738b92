import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { explainValue } from '../../../src/config/explainValue.ts';
import { type LayerKind, parseConfigFile } from '../../../src/config/parseConfigFile.ts';
import { resolveConfig } from '../../../src/config/resolveConfig.ts';

type Texts = Partial<Record<LayerKind, object>>;

function layersOf(texts: Texts) {
  return (['workspace', 'local', 'user'] as const)
    .filter((kind) => texts[kind] !== undefined)
    .map((kind) => parseConfigFile(JSON.stringify({ version: 1, ...texts[kind] }), kind).layer);
}

function resolved(texts: Texts, trusted = true) {
  return resolveConfig(layersOf(texts), { trusted });
}

test('without files, the defaults', () => {
  assert.deepEqual(resolveConfig([], { trusted: true }), { config: defaultConfig, problems: [] });
  const { exact, semantic, scope } = defaultConfig.cache;
  assert.deepEqual([exact.mode, semantic.mode, scope], ['auto', 'shadow', 'session']);
});

test('local wins over workspace and user over both, key by key', () => {
  const { config } = resolved({
    workspace: {
      cache: { exact: { mode: 'on', ttlMs: 1000 }, semantic: { mode: 'on' } },
      attribution: { tags: ['a'] },
    },
    local: { cache: { exact: { ttlMs: 2000 } } },
    user: { cache: { semantic: { mode: 'off' } } },
  });
  assert.deepEqual(config.cache.exact, { mode: 'on', ttlMs: 2000, maxBytes: 134_217_728 });
  assert.equal(config.cache.semantic.mode, 'off');
  assert.deepEqual(config.attribution, { tags: ['a'], pii: 'hash' });
});

test('a repository may lower a limit of the user, never raise it', () => {
  const alias = (maxOutputTokens: number, maxAttempts: number) => ({
    aliases: { a: { targets: ['openai/x'], maxOutputTokens, fallback: { maxAttempts } } },
  });
  const lowered = resolved({ workspace: alias(100, 1), user: alias(200, 2) }).config.aliases.a;
  assert.deepEqual([lowered?.maxOutputTokens, lowered?.fallback.maxAttempts], [100, 1]);
  const raised = resolved({ workspace: alias(900, 9), user: alias(200, 2) }).config.aliases.a;
  assert.deepEqual([raised?.maxOutputTokens, raised?.fallback.maxAttempts], [200, 2]);
});

test('spending limits of the repository and of the user hold at once; the local file replaces the committed limit', () => {
  const limit = (limitUsd: number) => ({ budgets: [{ scope: 'workspace', limitUsd, window: 'month' }] });
  const limits = (texts: Texts) => resolved(texts).config.budgets.map(({ limitUsd }) => limitUsd);
  assert.deepEqual(limits({ workspace: limit(100), user: limit(20) }), [20, 100]);
  assert.deepEqual(limits({ workspace: limit(100), local: limit(50) }), [50]);
  assert.deepEqual(limits({ workspace: limit(100), local: limit(50), user: limit(20) }), [20, 50]);
});

test('only a trusted repository says where calls go and with which key', () => {
  const workspace = {
    providers: { openai: { dialect: 'openai', baseUrl: 'https://evil.example/v1', apiKey: 'env:AWS' } },
  };
  const untrusted = resolved({ workspace }, false);
  assert.deepEqual(untrusted.config.providers.openai, defaultConfig.providers.openai);
  assert.deepEqual(
    untrusted.problems.map(({ code, layer }) => `${layer} ${code}`),
    ['workspace notAllowedHere', 'workspace notAllowedHere'],
  );
  assert.deepEqual(resolved({ workspace }).config.providers.openai, {
    dialect: 'openai',
    baseUrl: 'https://evil.example/v1',
    apiKey: { kind: 'env', name: 'AWS' },
  });
  assert.deepEqual(resolved({ user: workspace }, false).problems, []);
});

test('the stored key of a well-known provider does not follow it to another host', () => {
  const moved = resolved({
    workspace: { providers: { openai: { dialect: 'openai', baseUrl: 'https://gateway.example/v1/' } } },
  });
  assert.deepEqual(moved.config.providers.openai, { dialect: 'openai', baseUrl: 'https://gateway.example/v1' });
  const stays = resolved({ workspace: { providers: { openai: { dialect: 'openai' } } } });
  assert.deepEqual(stays.config.providers.openai, defaultConfig.providers.openai);
});

test('what names something that is not there is left out and reported where it stands', () => {
  const text = `{ "version": 1,
    "aliases": { "cheap": { "targets": ["opnai/a", "openai/b"] }, "none": { "targets": ["nowhere/c"] } },
    "tiers": ["cheap", "chaep"],
    "routes": [ { "name": "bad", "use": 1 }, { "name": "r", "use": "chep" }, { "name": "s", "use": "cheap", "escalate": { "to": "best", "on": ["empty"] } } ] }`;
  const { config, problems } = resolveConfig([parseConfigFile(text, 'workspace').layer], { trusted: true });
  assert.deepEqual(config.aliases.cheap?.targets, [{ provider: 'openai', model: 'b' }]);
  assert.deepEqual(Object.keys(config.aliases), ['cheap']);
  assert.deepEqual(config.tiers, ['cheap']);
  assert.deepEqual(config.routes, [{ name: 's', match: {}, use: 'cheap' }]);
  assert.deepEqual(
    problems.map(({ code, start, end }) => `${code} at ${text.slice(start, end)}`),
    [
      'reference at "opnai/a"',
      'reference at "nowhere/c"',
      'reference at "chep"',
      'reference at "best"',
      'reference at "chaep"',
    ],
  );
  assert.match(problems[0]?.message ?? '', /Did you mean "openai"\?/);
});

test('a target may name a model with slashes', () => {
  const { config } = resolved({ workspace: { aliases: { a: { targets: ['openrouter/meta-llama/llama-4'] } } } });
  assert.deepEqual(config.aliases.a?.targets, [{ provider: 'openrouter', model: 'meta-llama/llama-4' }]);
});

test('every value says where it comes from', () => {
  const layers = layersOf({
    workspace: {
      aliases: { a: { targets: ['openai/x'], maxOutputTokens: 100 } },
      cache: { scope: 'workspace' },
      budgets: [{ scope: 'user', limitUsd: 3, window: 'day' }],
    },
    user: {
      aliases: { a: { targets: ['openai/y'], maxOutputTokens: 200 } },
      budgets: [{ scope: 'user', limitUsd: 9, window: 'day' }],
    },
  });
  const origin = (...path: (string | number)[]) => {
    const found = explainValue(layers, path, { trusted: true });
    return found === undefined ? undefined : [found.value, found.from];
  };
  assert.deepEqual(origin('aliases', 'a', 'targets', 0), ['openai/y', 'user']);
  assert.deepEqual(origin('aliases', 'a', 'maxOutputTokens'), [100, 'workspace']);
  assert.deepEqual(origin('cache', 'scope'), ['workspace', 'workspace']);
  assert.deepEqual(origin('cache', 'exact', 'mode'), ['auto', 'default']);
  assert.deepEqual(origin('providers', 'openai', 'apiKey'), ['secret:openai', 'default']);
  assert.deepEqual(origin('budgets', 0, 'limitUsd'), [9, 'user']);
  assert.deepEqual(origin('budgets', 1, 'limitUsd'), [3, 'workspace']);
  assert.equal(origin('nothing'), undefined);
  const place = explainValue(layers, ['cache', 'scope'], { trusted: true })?.place;
  assert.ok(place !== undefined && place.end - place.start === '"workspace"'.length);
});

function inWorkspace(cache: object, trusted = true): ReturnType<typeof resolveConfig> {
  const { layer } = parseConfigFile(JSON.stringify({ version: 1, cache }), 'workspace');
  return resolveConfig([layer], { trusted });
}

test('an embedder that is asked over the network names a provider of the file', () => {
  const known = inWorkspace({ semantic: { embedder: 'openai/text-embedding-3-small' } });
  assert.deepEqual([known.config.cache.semantic.embedder, known.problems], ['openai/text-embedding-3-small', []]);
  const unknown = inWorkspace({ semantic: { embedder: 'olama/nomic-embed-text' } });
  assert.equal(unknown.config.cache.semantic.embedder, 'lexical');
  assert.match(unknown.problems[0]?.message ?? '', /No provider is named "olama"/);
});

test('a repository that is not trusted neither sends questions to a provider nor says where answers are kept', () => {
  const cache = {
    semantic: { embedder: 'openai/text-embedding-3-small', ttlMs: 60_000 },
    store: { kind: 'sqlite', key: 'env:CACHE_KEY' },
  };
  const { config, problems } = inWorkspace(cache, false);
  assert.deepEqual(config.cache.store, { kind: 'sqlite' });
  assert.deepEqual([config.cache.semantic.embedder, config.cache.semantic.ttlMs], ['lexical', 60_000]);
  assert.deepEqual(
    problems.map(({ message }) => /^\S+/.exec(message)?.[0]),
    ['cache.store', 'cache.semantic.embedder'],
  );
});

test('a team without a shared store is told that it is the workspace', () => {
  assert.match(
    inWorkspace({ scope: 'team' }).problems[0]?.message ?? '',
    /^Without a shared store, "team" is this workspace/,
  );
  const shared = inWorkspace({ scope: 'team', store: { kind: 'redis', url: 'env:TEAM_CACHE' } });
  assert.deepEqual(shared.problems, []);
  assert.deepEqual(shared.config.cache.store, { kind: 'redis', url: 'env:TEAM_CACHE', prefix: 'tollgate' });
  assert.deepEqual(inWorkspace({ store: { kind: 'sqlite', key: 'secret:cache' } }).config.cache.store, {
    kind: 'sqlite',
    key: { kind: 'secret', name: 'cache' },
  });
});

test('a route has modes of the cache, only where it says so', () => {
  const route = (name: string, cache?: object) => ({ name, use: 'a', ...(cache === undefined ? {} : { cache }) });
  const { config } = resolved({
    workspace: {
      aliases: { a: { targets: ['openai/x'] } },
      routes: [route('plain'), route('classify', { semantic: 'on' })],
    },
  });
  assert.deepEqual(config.cache.routes, { classify: { semantic: 'on' } });
});

test('a shared limit without a store that is shared is said where it stands, and the alias to go down to must exist', () => {
  const budgets = [
    { scope: 'workspace', limitUsd: 1, window: 'month', shared: true },
    { scope: 'user', limitUsd: 1, window: 'day', onExceed: 'downgrade', downgradeTo: 'tiny' },
  ];
  const { config, problems } = resolved({ workspace: { budgets } });
  assert.deepEqual(
    problems.map(({ message, layer }) => [layer, message.split('.')[0]]),
    [
      ['workspace', 'No alias is named "tiny"'],
      ['workspace', 'Without a shared store, this limit is for this machine alone'],
    ],
  );
  assert.deepEqual(
    config.budgets.map(({ shared, downgradeTo }) => [shared, downgradeTo]),
    [
      [true, undefined],
      [undefined, undefined],
    ],
  );
  const store = { store: { kind: 'redis', url: 'env:TEAM' } };
  assert.deepEqual(resolved({ workspace: { budgets: budgets.slice(0, 1), cache: store } }).problems, []);
});
