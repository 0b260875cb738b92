// Bundles the extension, the service, the command line, the token worker and the panel into dist/.
//   node esbuild.js [--production] [--watch] [name…]
const { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { promisify } = require('node:util');
const { brotliCompress, constants } = require('node:zlib');
const esbuild = require('esbuild');
const { thirdPartyNotices } = require('./scripts/thirdPartyNotices.cjs');

const args = process.argv.slice(2);
const production = args.includes('--production');
const watch = args.includes('--watch');
const chosen = args.filter((arg) => !arg.startsWith('--'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'info',
  metafile: true,
  legalComments: 'none',
  // Escaping what is not ASCII would make the token worker's vocabularies a quarter larger.
  charset: 'utf8',
  loader: { '.sql': 'text' },
};

/**
 * VS Code 1.104, the oldest we run in, brings Node 22. Modules come first, because the CommonJS form of jsonc-parser
 * requires its files in a way that cannot be bundled.
 */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  // Zod looks for `navigator`; in the extension host that alone is logged as an error of the extension.
  define: { navigator: 'undefined' },
};

const external = (path) => ({ path, external: true });

/**
 * The service's entry and the command line load the service when it has to run, and the same bundle of it.
 * @type {import('esbuild').Plugin}
 */
const coreApart = {
  name: 'core-apart',
  setup: (build) => {
    const filter = /\/(?:service\/startHeadless|runService)\.ts$/;
    build.onResolve({ filter }, () => external('./serviceCore.js'));
  },
};

/** Clients that the service loads when it first needs them. */
const packagesApart = {
  openaiClient: { package: /^openai$/, entries: ['openai'] },
  anthropicClient: { package: /^@anthropic-ai\/sdk$/, entries: ['@anthropic-ai/sdk'] },
  redisClient: { package: /^redis$/, entries: ['redis'] },
  // Bundled with the command line, it would have zod set up only when it is loaded, after the schemas that need it.
  mcpServer: {
    package: /^@modelcontextprotocol\/server(?:\/stdio)?$/,
    entries: ['@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio'],
  },
};

/** One bundle of several entries of a package holds what they share once. */
const exportsOf = (entries) =>
  entries.length === 1
    ? `module.exports = require('${entries[0]}');`
    : `module.exports = { ${entries.map((entry) => `...require('${entry}')`).join(', ')} };`;

/** @type {import('esbuild').Plugin} */
const clientsApart = {
  name: 'clients-apart',
  setup: (build) => {
    for (const [name, { package: filter }] of Object.entries(packagesApart))
      build.onResolve({ filter }, ({ kind }) => (kind === 'dynamic-import' ? external(`./${name}.js`) : undefined));
  },
};

/**
 * Of undici only its agent: the rest is another `fetch`, caches and sockets of the web, as much code as the service itself.
 * @type {import('esbuild').Plugin}
 */
const undiciAgent = {
  name: 'undici-agent',
  setup: (build) => {
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'undici-agent' }));
    build.onLoad({ filter: /.*/, namespace: 'undici-agent' }, () => ({
      contents: "exports.Agent = require('undici/lib/dispatcher/agent.js');",
      resolveDir: __dirname,
    }));
  },
};

/** Loaded by the token worker's entry, which unpacks it. */
const tokenWorkerCode = 'dist/tokenWorkerCode.js';

/** Modules that are loaded late are loaded by `require`, so that Node's second loader is not started for them. */
const late = { supported: { 'dynamic-import': false } };

/** @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  extension: { ...node, entryPoints: ['src/extension/main.ts'], external: ['vscode'], outfile: 'dist/extension.js' },
  service: { ...node, ...late, entryPoints: ['src/service/main.ts'], plugins: [coreApart], outfile: 'dist/service.js' },
  serviceCore: {
    ...node,
    ...late,
    entryPoints: ['src/service/serviceCore.ts'],
    plugins: [clientsApart, undiciAgent],
    outfile: 'dist/serviceCore.js',
  },
  cli: {
    ...node,
    ...late,
    entryPoints: ['src/cli/main.ts'],
    plugins: [coreApart, clientsApart],
    outfile: 'dist/cli.js',
  },
  ...Object.fromEntries(
    Object.entries(packagesApart).map(([name, { entries }]) => [
      name,
      {
        ...node,
        stdin: { contents: exportsOf(entries), resolveDir: __dirname },
        outfile: `dist/${name}.js`,
      },
    ]),
  ),
  scanWorker: { ...node, entryPoints: ['src/extension/scan/scanWorker.ts'], outfile: 'dist/scanWorker.js' },
  tokenWorker: { ...node, entryPoints: ['src/tokens/startWorker.ts'], outfile: 'dist/tokenWorker.js' },
  tokenWorkerCode: { ...node, entryPoints: ['src/tokens/worker.ts'], outfile: tokenWorkerCode, sourcemap: false },
  encoderWorker: {
    ...node,
    entryPoints: ['src/cache/embedders/onnx/encoderWorker.ts'],
    // The runtime looks for itself beside its module; it is handed over instead, so any address will do.
    define: { 'import.meta.url': '"file:///encoderWorker.js"' },
    outfile: 'dist/encoderWorker.js',
  },
  hostTests: {
    ...node,
    minify: false,
    entryPoints: ['test/host/**/*.test.ts'],
    external: ['vscode', 'mocha'],
    outdir: 'dist-test/host',
    logLevel: 'warning',
  },
  panel: {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome138',
    entryPoints: ['src/panel/main.ts'],
    outfile: 'dist/panel.js',
  },
};

const encoderRuntime = join('node_modules', 'onnxruntime-web', 'dist', 'ort-wasm-simd-threaded.wasm');

/** Grammars and their runtime are loaded at run time from dist/grammars, by name, packed: see `grammarFiles.ts`. */
async function packGrammars() {
  const grammars = require('./src/detect/language/grammars.json');
  const files = Object.entries(grammars).map(([name, file]) => [`tree-sitter-${name}.wasm`, file]);
  files.push(['tree-sitter.wasm', '@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm']);
  mkdirSync('dist/grammars', { recursive: true });
  await Promise.all(files.map(([name, file]) => packFile(join('node_modules', file), `dist/grammars/${name}.br`)));
}

/** The ONNX runtime of the sentence encoder, packed likewise; best compression would take a minute to save 0.4 of 2.7 MB. */
async function packEncoderRuntime() {
  await packFile(encoderRuntime, 'dist/ort-wasm-simd-threaded.wasm.br', 9);
}

/** A quarter smaller than a VSIX would make it; best compression would take ten times as long for another tenth. */
async function packTokenWorker() {
  await packFile(tokenWorkerCode, `${tokenWorkerCode}.br`, 9);
  rmSync(tokenWorkerCode);
}

/** Best compression takes a second for a large grammar, so what is packed already and not older is kept. */
async function packFile(from, to, quality = constants.BROTLI_MAX_QUALITY) {
  if (existsSync(to) && statSync(to).mtimeMs >= statSync(from).mtimeMs) return;
  const bytes = readFileSync(from);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(to, await promisify(brotliCompress)(bytes, { params }));
}

/** @param {import('esbuild').BuildResult[]} built with their metafiles */
function writeNotices(built) {
  const bundled = built.flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
    ),
  );
  const grammars = Object.values(require('./src/detect/language/grammars.json')).map((file) =>
    join('node_modules', file),
  );
  writeFileSync('dist/THIRD_PARTY_NOTICES.txt', thirdPartyNotices([...bundled, ...grammars, encoderRuntime]));
}

async function main() {
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
  mkdirSync('dist-test', { recursive: true });
  writeFileSync('dist-test/package.json', '{ "type": "commonjs" }\n');
  await packGrammars();
  await packEncoderRuntime();
  const named = chosen.includes('tokenWorker') ? [...chosen, 'tokenWorkerCode'] : chosen;
  const names = named.length > 0 ? named : Object.keys(bundles).filter((name) => name !== 'hostTests');
  for (const name of names)
    if (!(name in bundles)) throw new Error(`no bundle "${name}": ${Object.keys(bundles).join(', ')}`);
  const contexts = await Promise.all(names.map((name) => esbuild.context(bundles[name])));
  try {
    const built = await Promise.all(contexts.map((context) => (watch ? context.watch() : context.rebuild())));
    if (!watch && names.includes('tokenWorkerCode')) await packTokenWorker();
    if (production && chosen.length === 0) writeNotices(built);
  } finally {
    // A context that is left open keeps the process alive, also after one of them failed.
    if (!watch) await Promise.all(contexts.map((context) => context.dispose()));
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
